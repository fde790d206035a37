import type { ActionId } from './action-ids.ts';
import type { Source } from './source.ts';

/** A field of an action's model. `fields`: of an `object`; a `checkbox` is a boolean, or a form's text for it. */
export interface FieldModel {
  readonly type: 'string' | 'checkbox' | 'object';
  readonly required: boolean;
  readonly fields?: Readonly<Record<string, FieldModel>>;
}

/** An action of the Authentication API: its JSON model (empty: the body is `{}` or absent) and its errors. */
export interface ActionModel {
  readonly fields: Readonly<Record<string, FieldModel>>;
  /** Detail codes, keys of ERROR_DETAILS (errors.ts), besides those of every action. */
  readonly errors: readonly string[];
  readonly source: readonly Source[];
}

const text = (required: boolean): FieldModel => ({ type: 'string', required });
const checkbox: FieldModel = { type: 'checkbox', required: false };

/** The actions in this project's flows, by id. protocol.md section 4. */
export const ACTIONS = {
  submitIdentifier: { fields: { identifier: text(true) }, errors: [], source: ['doc', 'widget'] },
  checkUsernamePassword: {
    fields: {
      username: text(true),
      password: text(true),
      rememberMyUsername: checkbox,
      thisIsMyDevice: checkbox,
      captchaResponse: text(false),
    },
    errors: ['CREDENTIAL_VALIDATION_FAILED', 'ACCOUNT_LOCKED_OUT'],
    source: ['doc', 'sdk', 'widget'],
  },
  authenticate: {
    fields: { mobilePayload: text(false) },
    errors: ['INVALID_MOBILE_PAYLOAD', 'DEVICE_ROOTED', 'PUSH_FAILED'],
    source: ['seed', 'widget'],
  },
  selectDevice: {
    fields: {
      deviceRef: { type: 'object', required: true, fields: { id: text(true) } },
      mobilePayload: text(false),
    },
    errors: [
      'INVALID_DEVICE',
      'DEVICE_LOCKED',
      'OTP_RESEND_LIMIT',
      'INVALID_MOBILE_PAYLOAD',
      'DEVICE_ROOTED',
      'PUSH_FAILED',
    ],
    source: ['seed', 'sdk', 'android', 'ios'],
  },
  poll: { fields: {}, errors: [], source: ['seed'] },
  checkOtp: {
    fields: { otp: text(true), mobilePayload: text(false) },
    errors: [
      'INVALID_OTP',
      'OTP_ATTEMPTS_LIMIT',
      'TOTP_ATTEMPTS_LIMIT',
      'OTP_EXPIRED',
      'DEVICE_LOCKED',
      'INVALID_MOBILE_PAYLOAD',
      'DEVICE_ROOTED',
    ],
    source: ['seed', 'sdk', 'android'],
  },
  continueAuthentication: { fields: {}, errors: [], source: ['seed', 'doc'] },
  cancelAuthentication: { fields: {}, errors: [], source: ['doc'] },
} as const satisfies Record<ActionId, ActionModel>;
