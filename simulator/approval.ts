import { randomUUID } from 'node:crypto';
import type { DeviceType } from '../protocol/resources.ts';
import type { StatusValue } from '../protocol/status-attribute.ts';
import type { AccountDevice } from './model.ts';
import type { Flow } from './model.ts';
import { stopWaiting } from './push.ts';

/** The status attribute by the device that passed the second factor, if a mobile app runs the flow. [doc] */
const MOBILE_LOGIN: Readonly<Record<DeviceType, StatusValue>> = {
  iPhone: 'mobile_login_mobile',
  Android: 'mobile_login_mobile',
  SMS: 'mobile_login_sms',
  WHATSAPP: 'mobile_login_sms',
  Voice: 'mobile_login_sms',
  Email: 'mobile_login_email',
  TOTP: 'mobile_login_otp',
  OATH_TOKEN: 'mobile_login_otp',
  FIDO2: 'mobile_login_otp',
  SECURITY_KEY: 'mobile_login_otp',
  PLATFORM: 'mobile_login_otp',
};

/** The selected device passed the second factor: an unpaired phone must pair now, otherwise MFA is done. */
export function approve(flow: Flow, device: AccountDevice, how: 'push' | 'code'): void {
  stopWaiting(flow);
  flow.reason = null;
  flow.sentCode = null;
  if (flow.phone !== null && !isPaired(flow)) {
    requirePairing(flow);
  } else {
    const itself = how === 'push' && flow.phone?.deviceId === device.model.id;
    flow.result = itself ? 'device_authorized' : MOBILE_LOGIN[device.model.type];
    flow.status = 'MFA_COMPLETED';
  }
}

/** The flow hands out a server payload, with which the phone pairs. */
export function requirePairing(flow: Flow): void {
  flow.pairing = { id: randomUUID(), state: 'open', serverPayload: null };
  flow.status = 'MOBILE_PAIRING_REQUIRED';
}

/** Whether the phone that runs the flow is one of the user's devices. */
function isPaired(flow: Flow): boolean {
  return flow.account?.devices.some((device) => device.model.id === flow.phone?.deviceId) ?? false;
}
