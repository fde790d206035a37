import type { ActionId } from './action-ids.ts';
import type { Source } from './source.ts';
import type { FlowStatus } from './statuses.ts';

/** A state of the flow: the fields of its resource, and the actions it offers. */
export interface StateModel {
  /** Fields of the resource besides `id`, `pluginTypeId`, `status`, `_links`; `?`: may be absent. */
  readonly fields: readonly string[];
  readonly actions: readonly ActionId[];
  /** True if the flow has ended and no action is possible. */
  readonly ended: boolean;
  readonly meaning: string;
  readonly source: readonly Source[];
}

const MFA_FIELDS = ['devices', 'user', 'selectedDeviceRef'] as const;

/** The states that a virtual user handles. protocol.md section 3. */
export const STATES = {
  IDENTIFIER_REQUIRED: {
    fields: [],
    actions: ['submitIdentifier', 'cancelAuthentication'],
    ended: false,
    meaning: 'the Identifier First Adapter asks for the user name, before the first factor',
    source: ['doc', 'widget'],
  },
  USERNAME_PASSWORD_REQUIRED: {
    fields: ['username?'],
    actions: ['checkUsernamePassword', 'cancelAuthentication'],
    ended: false,
    meaning: 'first factor of the HTML form adapter',
    source: ['doc', 'widget'],
  },
  AUTHENTICATION_REQUIRED: {
    fields: ['user', 'devices'],
    actions: ['authenticate', 'cancelAuthentication'],
    ended: false,
    meaning: 'first state of the MFA adapter',
    source: ['seed', 'doc'],
  },
  MOBILE_PAIRING_REQUIRED: {
    fields: ['serverPayload'],
    actions: ['continueAuthentication', 'cancelAuthentication'],
    ended: false,
    meaning: 'hand the payload to the mobile SDK, pair, then continue',
    source: ['seed'],
  },
  PUSH_CONFIRMATION_WAITING: {
    fields: [...MFA_FIELDS, 'pushNotificationSent?', 'changeDevicePermitted?', 'otpLength?'],
    actions: ['poll', 'selectDevice', 'checkOtp', 'cancelAuthentication'],
    ended: false,
    meaning: 'push sent, waiting; checkOtp and otpLength only for a device with otpEnabled',
    source: ['seed', 'measured'],
  },
  PUSH_CONFIRMATION_TIMED_OUT: {
    fields: [...MFA_FIELDS, 'code', 'message'],
    actions: ['selectDevice', 'checkOtp', 'cancelAuthentication'],
    ended: false,
    meaning: 'the push was not answered',
    source: ['doc'],
  },
  PUSH_CONFIRMATION_REJECTED: {
    fields: [...MFA_FIELDS, 'code', 'message'],
    actions: ['cancelAuthentication'],
    ended: false,
    meaning: 'the push was denied',
    source: ['doc'],
  },
  OTP_REQUIRED: {
    fields: [...MFA_FIELDS, 'otpLength?', 'test?'],
    actions: ['checkOtp', 'selectDevice', 'cancelAuthentication'],
    ended: false,
    meaning:
      'a code by SMS, email, voice, TOTP or the mobile app; selectDevice sends it again; `test.otp`: that of a test device',
    source: ['seed', 'doc'],
  },
  DEVICE_SELECTION_REQUIRED: {
    fields: ['devices', 'user'],
    actions: ['selectDevice', 'cancelAuthentication'],
    ended: false,
    meaning: 'more than one device is paired',
    source: ['seed'],
  },
  MFA_COMPLETED: {
    fields: ['code'],
    actions: ['continueAuthentication'],
    ended: false,
    meaning: 'MFA done; the client must continue',
    source: ['doc'],
  },
  MFA_FAILED: {
    fields: ['code', 'message', 'userMessage'],
    actions: ['cancelAuthentication'],
    ended: false,
    meaning: 'dead end; cancelling makes the adapter return failure',
    source: ['doc', 'android'],
  },
  COMPLETED: {
    fields: ['authorizeResponse'],
    actions: [],
    ended: true,
    meaning: 'end, success',
    source: ['doc', 'widget'],
  },
  RESUME: {
    fields: ['resumeUrl'],
    actions: [],
    ended: true,
    meaning: 'end in redirect mode; a redirectless client treats it as an error',
    source: ['doc', 'widget'],
  },
  FAILED: {
    fields: ['code', 'message', 'userMessage'],
    actions: [],
    ended: true,
    meaning: 'end, failure',
    source: ['doc'],
  },
} as const satisfies Record<FlowStatus, StateModel>;
