import type { Source } from './source.ts';

/**
 * The attribute with the adapter's result. The first name is documented for all cases, the second for the error of an
 * additional device; both are read. [seed]
 */
export const STATUS_ATTRIBUTES = ['pingone.mfa.status', 'com.pingidentity.pingone.status'] as const;

/** Prefix of every value of the attribute. [seed] */
export const STATUS_PREFIX = 'com.pingidentity.pingone.';

/** Values of the attribute without the prefix, and their source. protocol.md section 5. */
export const STATUS_VALUES = {
  device_paired: 'seed',
  device_not_paired: 'seed',
  pairing_error: 'seed',
  device_authorized: 'doc',
  web_login_no_devices: 'doc',
  web_login_sms: 'doc',
  web_login_email: 'doc',
  web_login_mobile: 'doc',
  web_login_fido: 'doc',
  web_login_otp: 'doc',
  mobile_login_sms: 'doc',
  mobile_login_email: 'doc',
  mobile_login_mobile: 'doc',
  mobile_login_otp: 'doc',
} as const satisfies Record<string, Source>;

/**
 * Values (without the prefix; `*`: any rest) which mean that the user got in without MFA. `user_mfa_disabled` and
 * `invalid_user` are documented for the last one; others exist. [doc]
 */
export const BYPASS_VALUES = 'web_login_no_devices mfa_completed_externally mfa_bypassed_*';

/** Claim with the reason, in kits that have it (4.0). [doc] */
export const STATUS_REASON_ATTRIBUTE = 'pingone.mfa.status.reason';

/** Attributes that the adapter's core contract has since kit 4.0. [doc] */
export const KIT_4_ATTRIBUTES = ['pingone.mfa.device.id', 'pingone.mfa.enrollment'] as const;

/** Value of the attribute without the prefix. */
export type StatusValue = keyof typeof STATUS_VALUES;
