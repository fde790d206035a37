import type { Settings } from '../settings.ts';

/** Capabilities of the device side. A bridge reports which of them it has (bridge-api.ts). */
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

/** Value of DEVICE_DRIVER. */
type DriverName = Settings['driver'];

/** Capabilities by driver; a bridge is asked before the load. */
export const DRIVER_CAN: Readonly<Record<DriverName, readonly Capability[] | 'asks'>> = {
  simulated: ['payload', 'pair', 'fail_pairing', 'decide', 'code', 'reset'],
  file: ['payload'],
  bridge: 'asks',
  'test-device': ['code'],
  none: [],
};
