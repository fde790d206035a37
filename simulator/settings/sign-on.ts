import { OTP_ATTEMPTS } from '../wire/lifetimes.ts';
import { choice, matching, setting, whole } from '../../contract/setting.ts';
/** Sign-on, and limits of the second factor. */
export const SIGN_ON_SETTINGS = {
  firstFactor: setting('firstFactor', {
    parse: choice('password', 'identifier', 'custom', 'none'),
    default: 'password',
    meaning: 'identifier: user name first, then password; custom: a custom action; none: login_hint names the user',
  }),
  customStatus: setting('customStatus', {
    parse: matching(/^[A-Z][A-Z0-9_]{0,59}$/, 'capital letters, digits and underscores'),
    default: 'PIN_REQUIRED',
    unit: 'status',
    meaning: 'status that asks for the custom first factor',
  }),
  customAction: setting('customAction', {
    parse: matching(/^[A-Za-z][A-Za-z0-9]{0,59}$/, 'letters and digits'),
    default: 'checkPin',
    unit: 'action',
    meaning: 'action of the custom first factor; its fields, of any name, must contain user name and password',
  }),
  passwordAttempts: setting('passwordAttempts', {
    parse: whole(0),
    default: 0,
    unit: 'attempts',
    meaning:
      'wrong passwords in a row after which an account is locked (ACCOUNT_LOCKED_OUT) until a reset; 0: no limit',
  }),
  policy: setting('policy', {
    parse: matching(
      /^[A-Z][A-Z0-9_]{0,59}(:[A-Za-z]{1,60}(,[A-Za-z]{1,60})*)?(\/[A-Z][A-Z0-9_]{0,59}(:[A-Za-z]{1,60}(,[A-Za-z]{1,60})*)?)*$/,
      'states like ASSERTION_REQUIRED:selectDevice,cancelAuthentication, with a slash between them',
    ),
    unit: 'states',
    meaning:
      'states between the first factor and the MFA adapter, each with the actions that it offers (none named: cancelAuthentication), such as MFA_SETUP_REQUIRED:skipMfa,cancelAuthentication/ASSERTION_REQUIRED',
  }),
  failBranch: setting('failBranch', {
    parse: choice('off', 'on'),
    default: 'off',
    meaning: 'on: cancelAuthentication leads back to the first factor, as in a policy with a fail branch',
  }),
  trackedParameters: setting('trackedParameters', {
    parse: choice('mobilePayload', 'none'),
    default: 'mobilePayload',
    meaning: 'Tracked HTTP Parameters of the policy; none: the adapter never sees a mobile payload, and nobody pairs',
  }),
  deviceLimit: setting('deviceLimit', {
    parse: whole(1, 15),
    default: 5,
    unit: 'devices',
    meaning: 'devices that a user may have',
  }),
  otpAttempts: setting('otpAttempts', {
    parse: whole(1),
    default: OTP_ATTEMPTS,
    unit: 'attempts',
    meaning: 'wrong codes per device and flow; the last one locks the device',
  }),
  otpResendLimit: setting('otpResendLimit', {
    parse: whole(0),
    default: 5,
    unit: 'codes',
    meaning: 'codes per flow beyond the first',
  }),
};
