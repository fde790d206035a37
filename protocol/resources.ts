/** JSON of the Authentication API, as seen on the wire. protocol.md sections 1 and 2. */

/** Device types, as spelled in `devices[].type`. [android] [widget] */
export const DEVICE_TYPES = [
  'iPhone',
  'Android',
  'SMS',
  'Email',
  'Voice',
  'TOTP',
  'WHATSAPP',
  'FIDO2',
  'SECURITY_KEY',
  'PLATFORM',
  'OATH_TOKEN',
] as const;
export type DeviceType = (typeof DEVICE_TYPES)[number];

/** Device types that can receive a push. */
export const MOBILE_DEVICE_TYPES = ['iPhone', 'Android'] as const satisfies readonly DeviceType[];
export type MobileDeviceType = (typeof MOBILE_DEVICE_TYPES)[number];

/** Device types that can be test devices: their codes come back in the answer. [doc] */
export const TEST_DEVICE_TYPES = ['SMS', 'Email', 'Voice'] as const satisfies readonly DeviceType[];

/** A device of the user, as a flow shows it. [android] [widget] */
export interface FlowDevice {
  readonly id: string;
  readonly type: DeviceType;
  /** Masked address of an SMS, email or voice device. */
  readonly target?: string;
  /** Model of a mobile device. */
  readonly name?: string;
  readonly nickname?: string;
  readonly role?: 'PRIMARY' | 'TRUSTED';
  /** RFC 3339. */
  readonly enrollmentTime?: string;
  readonly applicationId?: string;
  readonly pushEnabled?: boolean;
  readonly otpEnabled?: boolean;
  readonly osVersion?: string;
  readonly applicationVersion?: string;
  readonly usable?: boolean;
  readonly bypassed?: boolean;
  readonly bypassExpiration?: string;
}

/** The user, as a flow shows it. [android] [ios] */
export interface FlowUser {
  readonly id: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly username?: string;
  readonly status?: string;
  readonly lastLogin?: string;
}

/** The OAuth client's result at the end of a redirectless flow. */
interface AuthorizeResponse {
  readonly code?: string;
  readonly state?: string;
  readonly access_token?: string;
  readonly id_token?: string;
  readonly token_type?: string;
  readonly expires_in?: number;
}

/** The flow resource. Fields by state: STATES (states.ts). */
export interface FlowResource {
  readonly id: string;
  readonly pluginTypeId?: string;
  readonly status: string;
  readonly user?: FlowUser;
  readonly devices?: readonly FlowDevice[];
  readonly selectedDeviceRef?: { readonly id: string };
  readonly serverPayload?: string;
  readonly username?: string;
  readonly otpLength?: number;
  /** Code of a test device, for a client that may have it. [doc] */
  readonly test?: { readonly otp: string };
  readonly pushNotificationSent?: boolean;
  readonly changeDevicePermitted?: boolean;
  readonly code?: string;
  readonly message?: string;
  readonly userMessage?: string;
  readonly authorizeResponse?: AuthorizeResponse;
  readonly resumeUrl?: string;
  readonly _pf_authn_api_state?: string;
  readonly _links?: Readonly<Record<string, { readonly href: string }>>;
}

/** One entry of an error's `details`. */
export interface ApiErrorDetail {
  readonly code: string;
  readonly message?: string;
  readonly userMessage?: string;
  readonly attemptsRemaining?: number;
  readonly target?: string;
}

/** An error of the Authentication API. The flow stays in its state unless the error says otherwise. */
export interface ApiError {
  readonly code: string;
  readonly message?: string;
  readonly userMessage?: string;
  readonly details?: readonly ApiErrorDetail[];
  readonly _pf_authn_api_state?: string;
}

/** An error of the OAuth endpoints (RFC 6749 section 5.2). */
export interface OAuthError {
  readonly error: string;
  readonly error_description?: string;
}

/** Answer of the token endpoint (RFC 6749 section 5.1). */
export interface TokenResponse {
  readonly access_token: string;
  readonly id_token?: string;
  readonly token_type: string;
  readonly expires_in?: number;
}
