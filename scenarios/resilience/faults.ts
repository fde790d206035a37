import { EXTERNAL_FAULT, STANDARD_FAULTS } from '../../catalogue/phases.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Fault } from '../../simulator/wire/faults.ts';

/** What the simulator is told for each of the faults that the scenario knows; share of users as FAULT_SHARE says. */
const STANDARD: Readonly<Record<(typeof STANDARD_FAULTS)[number], Fault>> = {
  unavailable: { name: 'unavailable', kind: 'status', status: 503 },
  'rate-limited': { name: 'rate-limited', kind: 'status', status: 429, retryAfterS: 1, body: 'json' },
  slow: { name: 'slow', kind: 'delay', delayMs: 1500 },
  dropped: { name: 'dropped', kind: 'drop' },
  'lost-push': { name: 'lost-push', kind: 'lost-push' },
  restart: { name: 'restart', kind: 'forget-flows' },
};

/** Whether the faults are somebody else's: begun and ended by hooks. */
export function isExternal({ faultStartUrl }: Settings): boolean {
  return faultStartUrl !== '';
}

/** Names of the faults of a run, in their order. */
export function faultNames(settings: Settings): readonly string[] {
  return isExternal(settings) ? [EXTERNAL_FAULT] : settings.faults;
}

/** A fault as the simulator is told it. */
export function standardFault(name: string, { faultShare: share }: Settings): Fault {
  return { ...STANDARD[STANDARD_FAULTS.find((known) => known === name)!], share };
}
