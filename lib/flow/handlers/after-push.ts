import { cancel, choose, follow } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** PUSH_CONFIRMATION_TIMED_OUT, or the client ran out of patience: one more push, the app's code, or cancel. */
export const afterPushTimeout: Handler = async (run, flow) => {
  const deviceId = flow.selectedDeviceRef?.id;
  const next = run.user.behaviour.afterTimeout ?? 'cancel';
  if (next === 'otp') return require('./enter-otp.ts').enterOtp(run, flow);
  if (next === 'retry' && !run.pushRetried && deviceId !== undefined) {
    run.pushRetried = true;
    return follow(await choose(run, deviceId));
  }
  return cancel(run, { outcome: 'timed_out', reason: run.phoneTrouble ?? 'nobody answered the push' });
};
