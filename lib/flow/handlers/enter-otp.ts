import { act } from '../client.ts';
import { note } from '../flow-client.ts';
import { OTP_ATTEMPTS } from '../../../simulator/wire/lifetimes.ts';
import type { FlowResource } from '../../../protocol/resources.ts';
import { totp } from '../../device/totp.ts';
import { cancel, payloadWith } from '../flow-run.ts';
import { endingAt } from '../ending.ts';
import type { FlowRun, Handler } from '../flow-run.ts';
import type { Ending } from '../ending.ts';

/** Codes after which no further attempt can succeed. */
const USED_UP: readonly string[] = ['OTP_ATTEMPTS_LIMIT', 'TOTP_ATTEMPTS_LIMIT', 'OTP_EXPIRED', 'DEVICE_LOCKED'];

/**
 * Source of the code. An authenticator app computes it when it is typed; a message is read first and typed later, so
 * its code can expire.
 */
async function codeSource(run: FlowRun, flow: FlowResource): Promise<(() => string) | Ending> {
  const { user, device } = run;
  const deviceId = flow.selectedDeviceRef?.id;
  const secret = secretFor(run, flow);
  if (secret !== undefined) return () => totp(secret, Date.now());
  const fixed = user.driver?.otp;
  if (fixed !== undefined) return () => fixed;
  if (deviceId === undefined) return { outcome: 'protocol_error', reason: `${flow.status} without selectedDeviceRef` };
  const answer = await device.code(run, deviceId, flow);
  if (answer.ok) return () => answer.value;
  note(run.client, 'code', answer.error);
  run.phoneTrouble = `${answer.error} at code`;
  return { outcome: 'harness_error', reason: `the device driver returned no code: ${answer.error}` };
}

/** TOTP secret of the selected device: by id, or, for users without device ids, the only one they have. */
function secretFor({ user }: FlowRun, flow: FlowResource): string | undefined {
  const id = flow.selectedDeviceRef?.id;
  const known = user.devices.find((device) => device.id === id);
  if (known !== undefined) return known.secret;
  const selected = flow.devices?.find((device) => device.id === id);
  if (selected !== undefined && selected.type !== 'TOTP') return undefined;
  return user.devices.find((device) => device.secret !== undefined)?.secret;
}

/** A wrong code of the same length. */
function spoil(code: string): string {
  return String((Number(code[0]) + 1) % 10) + code.slice(1);
}

/** OTP_REQUIRED: types the code, after wrong ones if the behaviour says so. */
export const enterOtp: Handler = async (run, flow) => {
  const { client, user, time } = run;
  const { wrong, afterMs } = user.behaviour.otp ?? { wrong: 0, afterMs: 2000 };
  const code = await codeSource(run, flow);
  const payload = payloadWith(run, 'checkOtp');
  if (typeof code !== 'function') return cancel(run, code);
  for (let entry = 0; entry <= Math.max(wrong, OTP_ATTEMPTS); entry++) {
    await time.wait(afterMs).over;
    const isWrong = entry < wrong;
    const provoked = isWrong || user.prescribed === 'otp_failed';
    const otp = isWrong ? spoil(code()) : code();
    const answer = await act(client, 'checkOtp', { otp, ...payload }, provoked ? 'refused' : undefined);
    if (answer.is === 'flow') {
      if (!isWrong) run.factor = 'otp';
      return answer;
    }
    if (answer.is !== 'refused') return endingAt(answer);
    if (USED_UP.includes(answer.code)) return cancel(run, { outcome: 'otp_failed', reason: answer.code });
    if (!isWrong) return cancel(run, { outcome: 'rejected', reason: `the right code was rejected: ${answer.code}` });
  }
  return cancel(run, { outcome: 'rejected', reason: 'wrong codes were accepted without limit' });
};
