import type { DeviceType } from '../protocol/resources.ts';
import type { AccountDevice } from './model.ts';

/** How a device proves the user: a push, the code its app shows, a code sent to it, a TOTP, a passkey; null: not played here. */
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

/** What a challenge to this device is; null if it can take none. */
export function factorOf({ model }: AccountDevice): Factor | null {
  const factor = FACTOR_OF[model.type];
  if (factor === 'push' && model.pushEnabled === false) return model.otpEnabled === true ? 'app-code' : null;
  if (factor === 'totp' && model.secret === undefined) return null;
  return factor;
}

/** Whether the device can be challenged now. */
export function isUsable(device: AccountDevice): boolean {
  return device.model.usable && !device.locked && factorOf(device) !== null;
}

/** What a code for the device's flow is checked against; null if it takes none. */
export function codeFactorOf(device: AccountDevice): Exclude<Factor, 'push' | 'assertion'> | null {
  const factor = factorOf(device);
  if (factor === 'assertion') return null;
  if (factor !== 'push') return factor;
  return device.model.otpEnabled === true ? 'app-code' : null;
}
