import { OTP_ATTEMPTS } from '../../../contract/lifetimes.ts';
import type { FlowResource } from '../../../protocol/resources.ts';
import type { CodeResponse } from '../../../contract/phone-api.ts';
import { phone } from '../../device/phone.ts';
import { totp } from '../../device/totp.ts';
import { cancel, endingAt } from '../flow-run.ts';
import type { Ending, FlowRun, Handler } from '../flow-run.ts';

/** Codes that say that no further attempt can succeed. */
const USED_UP: readonly string[] = ['OTP_ATTEMPTS_LIMIT', 'TOTP_ATTEMPTS_LIMIT', 'OTP_EXPIRED', 'DEVICE_LOCKED'];

/**
 * Where the code comes from: an authenticator app computes it at the moment of entry, a message is read first and typed
 * later, so that it can grow old.
 */
async function codeSource(run: FlowRun, flow: FlowResource): Promise<(() => string) | Ending> {
  const deviceId = flow.selectedDeviceRef?.id;
  const secret = run.user.devices.find((device) => device.id === deviceId)?.secret;
  if (secret !== undefined) return () => totp(secret, Date.now());
  if (deviceId === undefined) return { outcome: 'protocol_error', reason: `${flow.status} without selectedDeviceRef` };
  const answer = await phone.code(run.phoneUrl, { deviceId });
  const otp: unknown = answer.ok ? (answer.value as Partial<CodeResponse> | null)?.otp : undefined;
  if (typeof otp === 'string') return () => otp;
  const error = answer.ok ? 'no otp in its answer' : answer.error;
  return { outcome: 'harness_error', reason: `the payload driver gave no code: ${error}` };
}

/** Another code of the same length. */
function spoil(code: string): string {
  return String((Number(code[0]) + 1) % 10) + code.slice(1);
}

/** OTP_REQUIRED: types the code, wrong ones first where the behaviour says so. */
export const enterOtp: Handler = async (run, flow) => {
  const { client, user, time } = run;
  const { wrong, afterMs } = user.behaviour.otp ?? { wrong: 0, afterMs: 2000 };
  const code = await codeSource(run, flow);
  if (typeof code !== 'function') return cancel(run, code);
  for (let entry = 0; entry <= Math.max(wrong, OTP_ATTEMPTS); entry++) {
    await time.wait(afterMs).over;
    const isWrong = entry < wrong;
    const provoked = isWrong || user.prescribed === 'otp_failed';
    const otp = isWrong ? spoil(code()) : code();
    const answer = await client.act('checkOtp', { otp }, provoked ? 'refused' : undefined);
    if (answer.is === 'flow') return answer;
    if (answer.is !== 'refused') return endingAt(answer);
    if (USED_UP.includes(answer.code)) return cancel(run, { outcome: 'otp_failed', reason: answer.code });
    if (!isWrong) return cancel(run, { outcome: 'rejected', reason: `the right code was refused: ${answer.code}` });
  }
  return cancel(run, { outcome: 'rejected', reason: 'wrong codes were taken without a limit' });
};
