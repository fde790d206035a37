import type { AccountDevice } from '../account.ts';
import { refuseDetail } from '../api-refusal.ts';
import { approve } from '../approval.ts';
import type { Deployment } from '../deployment.ts';
import { codeFactorOf } from '../factor.ts';
import type { Flow } from '../flow.ts';
import { appCode } from '../passcode.ts';
import { takeMobilePayload } from '../phone-of-flow.ts';
import { isTotp } from '../totp.ts';
import type { Perform } from './perform.ts';

/** Checks a passcode of the selected device: the one sent, the TOTP, or the one that the mobile app shows. */
export const checkOtp: Perform<'checkOtp'> = (deployment, flow, { otp, mobilePayload }) => {
  takeMobilePayload(flow, mobilePayload);
  const device = flow.selected!;
  if (device.locked) throw refuseDetail('DEVICE_LOCKED');
  if (flow.sentCode !== null && deployment.now() >= flow.sentCode.expiresAt) throw refuseDetail('OTP_EXPIRED');
  if (!isRight(deployment, flow, device, otp)) throw countWrongCode(flow, device, deployment.settings.otpAttempts);
  flow.wrongCodes.delete(device.model.id);
  device.newestCode = null;
  approve(flow, device, 'code');
};

function isRight(deployment: Deployment, flow: Flow, device: AccountDevice, otp: string): boolean {
  switch (codeFactorOf(device)) {
    case 'sent-code':
      return otp === flow.sentCode?.value;
    case 'totp':
      return isTotp(device.model.secret!, otp, deployment.wallClock());
    default:
      return otp === appCode(device, deployment.settings.seed);
  }
}

/** The attempts of a flow count by device, whatever codes are sent in between; the last one locks the device. [choice] */
function countWrongCode(flow: Flow, device: AccountDevice, attempts: number): Error {
  const wrong = (flow.wrongCodes.get(device.model.id) ?? 0) + 1;
  flow.wrongCodes.set(device.model.id, wrong);
  if (wrong < attempts) {
    return refuseDetail('INVALID_OTP', { attemptsRemaining: attempts - wrong, target: 'otp' });
  }
  device.locked = true;
  return refuseDetail(codeFactorOf(device) === 'totp' ? 'TOTP_ATTEMPTS_LIMIT' : 'OTP_ATTEMPTS_LIMIT');
}
