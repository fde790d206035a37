import { refuseDetail } from '../api-refusal.ts';
import { passFirstFactor } from '../first-factor.ts';
import type { Perform } from './perform.ts';

/** The first factor. A locked user passes it: the MFA adapter is the one that refuses. [choice] */
export const checkUsernamePassword: Perform<'checkUsernamePassword'> = ({ accounts }, flow, { username, password }) => {
  const account = accounts.find(username);
  if (account?.user.password !== password) throw refuseDetail('CREDENTIAL_VALIDATION_FAILED');
  passFirstFactor(flow, account);
};
