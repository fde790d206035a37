import { phone } from '../../device/phone.ts';
import { mobilePayload } from '../../device/sdk.ts';
import { follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/**
 * MOBILE_PAIRING_REQUIRED: hands `serverPayload` to the SDK; paired or not, the client continues. A failing SDK is a phone
 * whose pairing request is broken. The outcome is in the token, not here.
 */
export const pair: Handler = async (run, flow) => {
  const { client, user, time, phoneUrl, state } = run;
  run.pairingReached = true;
  const { result, afterMs } = user.behaviour.pairing ?? { result: 'pairs', afterMs: 1000 };
  await time.wait(afterMs).over;
  if (result !== 'gives_up' && user.phone !== null) {
    if (flow.serverPayload === undefined) {
      return { outcome: 'protocol_error', reason: 'MOBILE_PAIRING_REQUIRED without serverPayload' };
    }
    const broken = result === 'sdk_error';
    const payload = mobilePayload(user.phone, `${state}.pair`, broken ? 'broken' : 'ok');
    const answer = await phone.pair(phoneUrl, { serverPayload: flow.serverPayload, mobilePayload: payload }, broken);
    if (!answer.ok) client.note('pair', answer.error);
  }
  return follow(await client.act('continueAuthentication', {}));
};
