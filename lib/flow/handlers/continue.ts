import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** MFA_COMPLETED: the client must continue. */
export const continueAuthentication: Handler = async ({ client }) =>
  follow(await client.act('continueAuthentication', {}));
