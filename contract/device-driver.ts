/**
 * What the device side of a virtual user can be asked for. Which driver can do what: lib/device/drivers.ts; a bridge says
 * it itself (bridge-api.ts).
 */
export const CAPABILITIES = {
  payload: 'give mobile payloads',
  pair: 'pair a phone',
  fail_pairing: 'let a pairing fail',
  decide: 'answer a push',
  code: 'read a code sent to a device',
  reset: 'put an account back',
} as const;

/** Name of a capability. */
export type Capability = keyof typeof CAPABILITIES;

/** What the device side of one user is, beside the phone: fields of the inventory, all optional. */
export interface DriverFields {
  /** What the bridge calls this user's phone; handed to it as it is. */
  readonly handle?: string | undefined;
  /** A mobile payload captured elsewhere, used in place of the driver's. */
  readonly payload?: string | undefined;
  /** A fixed one-time passcode, used in place of the driver's. */
  readonly otp?: string | undefined;
}
