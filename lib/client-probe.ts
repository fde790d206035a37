import http from 'k6/http';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PATHS } from '../protocol/transport.ts';
import { clientRefused } from './diagnoses.ts';
import type { ClientRefused } from './diagnoses.ts';
import { clientProof } from './flow/client-authentication.ts';
import { jsonObject } from './json-object.ts';
import { PREFLIGHT_PARAMS } from './preflight-params.ts';
import type { Settings } from './settings.ts';

/** A code that no server gave: no token comes of it, and no flow is started for it. */
const NO_CODE = 'pairstorm-looks-whether-the-client-is-known';

/**
 * Whether the token endpoint knows the client and its secret: it proves the client before it looks at the code (RFC 6749,
 * 5.2), so a made-up code tells. Undefined: it does, or says something else that only a flow can show. Throws a ConfigurationError
 * where the code is accepted, as by a server that answers anything.
 */
export async function refusedClient(settings: Settings, pf: string): Promise<ClientRefused | undefined> {
  const proof = clientProof(settings);
  const fields = { grant_type: 'authorization_code', code: NO_CODE, ...proof.fields };
  const form = Object.entries(fields).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const headers = {
    ...settings.headers,
    ...proof.headers,
    'Content-Type': 'application/x-www-form-urlencoded',
  };
  const res = await http.asyncRequest('POST', pf + PATHS.token, form.join('&'), {
    ...PREFLIGHT_PARAMS,
    // It refuses the code, if it is as it should be.
    responseCallback: http.expectedStatuses({ min: 200, max: 499 }),
    headers,
  });
  if (res.status === 200) {
    throw new ConfigurationError(
      `PF_BASE_URL: what answers at ${pf} is not a PingFederate: its ${PATHS.token} accepts a made-up code (HTTP 200); correct the address`,
    );
  }
  return jsonObject(res)?.['error'] === 'invalid_client' ? clientRefused(settings) : undefined;
}
