import { cancel, follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';
import { enterOtp } from './enter-otp.ts';

/** PUSH_CONFIRMATION_TIMED_OUT, or a client out of patience: another push once, the app's code, or cancel. */
export const afterPushTimeout: Handler = async (run, flow) => {
  const { client, user } = run;
  const deviceId = flow.selectedDeviceRef?.id;
  const next = user.behaviour.afterTimeout ?? 'cancel';
  if (next === 'otp') return enterOtp(run, flow);
  if (next === 'retry' && !run.pushRetried && deviceId !== undefined) {
    run.pushRetried = true;
    return follow(await client.act('selectDevice', { deviceRef: { id: deviceId } }));
  }
  return cancel(run, { outcome: 'timed_out', reason: run.phoneTrouble ?? 'nobody answered the push' });
};
