import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** MFA_COMPLETED: the client must continue, after the time that its profile takes. */
export const continueAuthentication: Handler = async ({ client, profile, time }) => {
  if (profile.continueAfterMs > 0) await time.wait(profile.continueAfterMs).over;
  return follow(await client.act('continueAuthentication', {}));
};
