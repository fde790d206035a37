import type { DeviceType } from '../protocol/resources.ts';
import type { AccountDevice } from './model.ts';

/** How a device is challenged: push, code in the app, code sent to it, TOTP, or passkey. */
type Factor = 'push' | 'app-code' | 'sent-code' | 'totp' | 'assertion';

const FACTOR_OF: Readonly<Record<DeviceType, Factor | null>> = {
  iPhone: 'push',
  Android: 'push',
  SMS: 'sent-code',
  Email: 'sent-code',
  Voice: 'sent-code',
  WHATSAPP: 'sent-code',
  TOTP: 'totp',
  FIDO2: 'assertion',
  SECURITY_KEY: 'assertion',
  PLATFORM: 'assertion',
  OATH_TOKEN: null,
};

/** The factor by which the device is challenged; null if it cannot be. */
export function factorOf({ model }: AccountDevice): Factor | null {
  const factor = FACTOR_OF[model.type];
  if (factor === 'push' && model.pushEnabled === false) return model.otpEnabled === true ? 'app-code' : null;
  if (factor === 'totp' && model.secret === undefined) return null;
  return factor;
}

export function isUsable(device: AccountDevice): boolean {
  return device.model.usable && !device.locked && factorOf(device) !== null;
}

/** The factor that its codes are checked against; null if it takes no code. */
export function codeFactorOf(device: AccountDevice): Exclude<Factor, 'push' | 'assertion'> | null {
  const factor = factorOf(device);
  if (factor === 'assertion') return null;
  if (factor !== 'push') return factor;
  return device.model.otpEnabled === true ? 'app-code' : null;
}
