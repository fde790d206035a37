import { listOf, optional, shape, text } from '../../contract/decode.ts';
import type { Answer } from '../answer.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import { readPhoneRequest } from './phone-request.ts';
import { refusePhone } from './phone-refusal.ts';

const decode = shape<{ readonly username?: string | undefined; readonly usernames?: readonly string[] | undefined }>({
  username: optional(text),
  usernames: optional(listOf(text)),
});

/** POST reset: the accounts are again what the inventory says, all or none. Open flows of the users stay as they are. */
export function resetUsers(deployment: Deployment, call: Call): Answer {
  const { username, usernames } = readPhoneRequest(call, decode);
  if ((username === undefined) === (usernames === undefined)) throw refusePhone('INVALID_REQUEST');
  const accounts = (usernames ?? [username!]).map((name) => {
    const account = deployment.accounts.find(name);
    if (account === undefined) throw refusePhone('UNKNOWN_USER');
    return account;
  });
  for (const account of accounts) deployment.accounts.reset(account);
  return { httpStatus: 204, body: null, code: 'ok' };
}
