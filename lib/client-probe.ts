import http from 'k6/http';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PATHS } from '../protocol/transport.ts';
import { clientRefused } from './diagnoses.ts';
import type { ClientRefused } from './diagnoses.ts';
import { clientForm } from './flow/client-authentication.ts';
import { jsonObject } from './json-object.ts';
import { PREFLIGHT_PARAMS } from './preflight-params.ts';
import type { Settings } from './settings.ts';

/** An authorization code that no server issued: it yields no token and starts no flow. */
const NO_CODE = 'pairstorm-looks-whether-the-client-is-known';

/**
 * Checks that the token endpoint knows the client and its secret. The server authenticates the client before it looks
 * at the code (RFC 6749, 5.2), so a made-up code suffices. Undefined: the client is known, or only a flow can tell.
 * Throws a ConfigurationError if the code is accepted, as by a server that accepts anything.
 */
export async function refusedClient(settings: Settings, pf: string): Promise<ClientRefused | undefined> {
  const { form, headers } = clientForm(settings, { grant_type: 'authorization_code', code: NO_CODE });
  const res = await http.asyncRequest('POST', pf + PATHS.token, form, {
    ...PREFLIGHT_PARAMS,
    // A correct server rejects the code.
    responseCallback: http.expectedStatuses({ min: 200, max: 499 }),
    headers: { ...settings.headers, ...headers },
  });
  if (res.status === 200) {
    throw new ConfigurationError(
      `PF_BASE_URL: what answers at ${pf} is not a PingFederate: its ${PATHS.token} accepts a made-up code (HTTP 200); correct the address`,
    );
  }
  return jsonObject(res)?.['error'] === 'invalid_client' ? clientRefused(settings) : undefined;
}
