import { shape, text } from '../../contract/decode.ts';
import type { ResetRequest } from '../../contract/phone-api.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { readPhoneRequest } from './phone-request.ts';
import { refusePhone } from './phone-refusal.ts';

const decode = shape<ResetRequest>({ username: text });

/** POST reset: the account is again what the inventory says. Open flows of the user stay as they are. */
export function resetUser(deployment: Deployment, call: Call): Answer {
  const account = deployment.accounts.find(readPhoneRequest(call, decode).username);
  if (account === undefined) throw refusePhone('UNKNOWN_USER');
  deployment.accounts.reset(account);
  return { httpStatus: 204, body: null, code: 'ok' };
}
