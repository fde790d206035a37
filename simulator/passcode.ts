import { hash32 } from '../contract/draw.ts';
import type { Deployment } from './deployment.ts';
import { codeFactorOf } from './factor.ts';
import type { AccountDevice, Flow } from './model.ts';
import { STEP_S, decodeBase32, hotp } from './totp.ts';

export const OTP_LENGTH = 6;

/** Generates and stores a device's next code. Its n-th code depends only on the seed and the device. */
export function sendCode(device: AccountDevice, seed: number): string {
  device.codesSent += 1;
  const code = sixDigits(hash32(seed, 'otp', device.model.id, device.codesSent));
  // Nobody is sent the code of a test device. [doc]
  device.newestCode = device.model.testMode === true ? null : code;
  return code;
}

/** The code shown by the mobile app. It is constant, whereas a real app's changes with time. [choice] */
export function appCode(device: AccountDevice, seed: number): string {
  return sixDigits(hash32(seed, 'app-code', device.model.id));
}

function sixDigits(number: number): string {
  return String(number % 10 ** OTP_LENGTH).padStart(OTP_LENGTH, '0');
}

/** The passcode that is valid now; null if there is none. */
export function rightCode(deployment: Deployment, flow: Flow, device: AccountDevice): string | null {
  switch (codeFactorOf(device)) {
    case 'sent-code':
      return flow.sentCode?.value ?? null;
    case 'app-code':
      return appCode(device, deployment.settings.seed);
    case 'totp': {
      const secret = decodeBase32(device.model.secret ?? '');
      return secret === null ? null : hotp(secret, Math.floor(deployment.wallClock() / 1000 / STEP_S));
    }
    case null:
      return null;
  }
}
