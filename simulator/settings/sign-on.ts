import { OTP_ATTEMPTS } from '../../contract/lifetimes.ts';
import type { SettingTable } from './model.ts';

/** How a user signs on, and the limits of the second factor. */
export interface SignOnSettings {
  readonly firstFactor: 'password' | 'identifier' | 'custom' | 'none';
  readonly customStatus: string;
  readonly customAction: string;
  readonly deviceLimit: number;
  readonly otpAttempts: number;
  readonly otpResendLimit: number;
}

export const SIGN_ON_SETTINGS: SettingTable<SignOnSettings> = {
  firstFactor: {
    default: 'password',
    unit: 'first factor',
    allowed: ['password', 'identifier', 'custom', 'none'],
    meaning:
      'identifier: the name first, then the password; custom: an action of its own; none: login_hint names the user',
  },
  customStatus: {
    default: 'PIN_REQUIRED',
    unit: 'status',
    meaning: 'status in which the custom first factor is due',
    form: { pattern: /^[A-Z][A-Z0-9_]{0,59}$/, words: 'capital letters, digits and underscores' },
  },
  customAction: {
    default: 'checkPin',
    unit: 'action',
    meaning: 'action of the custom first factor: fields of any name that hold the user name and the password',
    form: { pattern: /^[A-Za-z][A-Za-z0-9]{0,59}$/, words: 'letters and digits' },
  },
  deviceLimit: { default: 5, unit: 'devices', min: 1, max: 15, whole: true, meaning: 'devices that a user may have' },
  otpAttempts: {
    default: OTP_ATTEMPTS,
    unit: 'attempts',
    min: 1,
    whole: true,
    meaning: 'wrong codes of a device in one flow; the last of them locks the device',
  },
  otpResendLimit: { default: 5, unit: 'codes', min: 0, whole: true, meaning: 'codes of one flow beyond the first' },
};
