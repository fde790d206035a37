import type { Capability } from '../../contract/device-driver.ts';
import type { Settings } from '../settings.ts';

/** Name of a driver: what DEVICE_DRIVER may say. */
export type DriverName = Settings['driver'];

/** What each driver can do; a bridge says it itself, before the load. */
export const DRIVER_CAN: Readonly<Record<DriverName, readonly Capability[] | 'asks'>> = {
  simulated: ['payload', 'pair', 'fail_pairing', 'decide', 'code', 'reset'],
  file: ['payload'],
  bridge: 'asks',
  none: [],
};
