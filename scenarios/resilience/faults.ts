import { EXTERNAL_FAULT, NETWORK_FAULTS, STANDARD_FAULTS } from '../../catalogue/phases.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Fault } from '../../simulator/wire/faults.ts';

/** The simulator's definition of each standard fault; FAULT_SHARE sets the share of users. */
const STANDARD: Readonly<Record<(typeof STANDARD_FAULTS)[number], Fault>> = {
  unavailable: { name: 'unavailable', kind: 'status', status: 503 },
  'rate-limited': { name: 'rate-limited', kind: 'status', status: 429, retryAfterS: 1, body: 'json' },
  slow: { name: 'slow', kind: 'delay', delayMs: 1500 },
  dropped: { name: 'dropped', kind: 'drop' },
  'lost-push': { name: 'lost-push', kind: 'lost-push' },
  restart: { name: 'restart', kind: 'forget-flows' },
};

/** Whether the fault is external: started and ended by hooks. */
export function isExternal({ faultStartUrl }: Settings): boolean {
  return faultStartUrl !== '';
}

/** Names of the run's faults, in order. */
export function faultNames(settings: Settings): readonly string[] {
  return isExternal(settings) ? [EXTERNAL_FAULT] : settings.faults;
}

/** Those that the simulator makes. */
export function simulatorFaults(settings: Settings): readonly string[] {
  return isExternal(settings) ? [] : settings.faults.filter((name) => !isNetworkFault(name));
}

/** Whether Toxiproxy makes it, at the command's request. */
export function isNetworkFault(name: string): boolean {
  return NETWORK_FAULTS.some((known) => known === name);
}

export function standardFault(name: string, { faultShare: share }: Settings): Fault {
  return { ...STANDARD[STANDARD_FAULTS.find((known) => known === name)!], share };
}
