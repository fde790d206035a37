import type { Settings } from '../settings.ts';

/**
 * What the device side of a virtual user can be asked for. A bridge says itself what of it it can
 * do (bridge-api.ts).
 */
export const CAPABILITIES = {
  payload: 'provide mobile payloads',
  pair: 'pair a phone',
  fail_pairing: 'make a pairing fail',
  decide: 'answer a push',
  code: 'read a code sent to a device',
  reset: 'reset an account',
} as const;

/** Name of a capability. */
export type Capability = keyof typeof CAPABILITIES;

/** Name of a driver: what DEVICE_DRIVER may say. */
export type DriverName = Settings['driver'];

/** What each driver can do; a bridge says it itself, before the load. */
export const DRIVER_CAN: Readonly<Record<DriverName, readonly Capability[] | 'asks'>> = {
  simulated: ['payload', 'pair', 'fail_pairing', 'decide', 'code', 'reset'],
  file: ['payload'],
  bridge: 'asks',
  none: [],
};
