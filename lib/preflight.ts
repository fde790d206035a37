import http from 'k6/http';
import { randomBytes, sha256 } from 'k6/crypto';
import { PHONE_PATHS } from '../contract/phone-api.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { PATHS } from '../protocol/transport.ts';
import { jsonObject } from './json-object.ts';
import type { Target } from './target.ts';
import type { RunData } from './virtual-user.ts';

const PARAMS = { tags: { name: 'preflight', peer: 'setup' }, redirects: 0, timeout: '10s' };

/**
 * Looks at the target before any load: PingFederate's heartbeat, and a payload driver that speaks the phone API. Throws
 * a ConfigurationError that says what to do.
 */
export async function preflight(target: Target): Promise<RunData> {
  const heartbeat = await http.asyncRequest('GET', target.pf + PATHS.heartbeat, null, PARAMS);
  if (heartbeat.status !== 200) {
    throw new ConfigurationError(
      `PF_BASE_URL: ${target.pf} gives no heartbeat (${heartbeat.error || `HTTP ${heartbeat.status}`}); ` +
        'start PingFederate, or "pairstorm simulate", or correct the URL',
    );
  }
  // An empty request is refused by name: that is how the phone API is recognised without touching anything.
  const probe = {
    ...PARAMS,
    responseCallback: http.expectedStatuses(400),
    headers: { 'Content-Type': 'application/json' },
  };
  const phone = await http.asyncRequest('POST', target.phone + PHONE_PATHS.code, '{}', probe);
  if (jsonObject(phone)?.['code'] !== 'INVALID_REQUEST') {
    throw new ConfigurationError(
      `PHONE_URL: no payload driver answers at ${target.phone}; pairing, pushes and codes need one ` +
        '(the simulator has its own below PF_BASE_URL/phone)',
    );
  }
  return { run: sha256(randomBytes(16), 'hex').slice(0, 12) };
}
