import type { Perform } from './perform.ts';

/** Who it is, before the password. A name that nobody has is not told apart here: the password will be wrong. [choice] */
export const submitIdentifier: Perform<'submitIdentifier'> = (_deployment, flow, { identifier }) => {
  flow.claimedName = identifier;
  flow.status = 'USERNAME_PASSWORD_REQUIRED';
};
