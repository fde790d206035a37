import { act } from '../client.ts';
import { note } from '../flow-client.ts';
import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

const LIMIT = ' (the user has reached the device limit)';

/**
 * MOBILE_PAIRING_REQUIRED: passes `serverPayload` to the SDK; the client continues whether or not it paired. A failing
 * SDK is a phone with a broken pairing request. The outcome is in the token, not here.
 */
export const pair: Handler = async (run, flow) => {
  const { client, user, time, device, profile } = run;
  run.pairingReached = true;
  const { result, afterMs } = user.behaviour.pairing ?? { result: 'pairs', afterMs: 1000 };
  await time.wait(afterMs).over;
  if (result !== 'gives_up' && user.phone !== null) {
    const { serverPayload } = flow;
    if (serverPayload === undefined) {
      return { outcome: 'protocol_error', reason: 'MOBILE_PAIRING_REQUIRED without serverPayload' };
    }
    const answer = await device.pair(run, { serverPayload, fail: result === 'sdk_error' });
    if (!answer.ok) {
      note(client, 'pair', answer.error);
      run.phoneTrouble = `${answer.error} at pair${answer.error === 'DEVICE_LIMIT' ? LIMIT : ''}`;
      if (answer.broken === true) run.driverFailure = `pair: ${answer.error}`;
    }
  }
  // A client that continues after a fixed time still waits for its phone.
  if (profile.continueAfterMs > afterMs) await time.wait(profile.continueAfterMs - afterMs).over;
  return follow(await act(client, 'continueAuthentication', {}));
};
