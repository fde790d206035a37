import type { Fault } from '../../simulator/wire/faults.ts';
import { EXTERNAL_FAULT, NO_FAULT, STANDARD_FAULTS } from '../../catalogue/phases.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { LoadModel } from '../../lib/load-model.ts';
import { FLOWS, rampTo, steppedLoad } from '../../lib/phases/stepped-load.ts';
import type { LoadPart } from '../../lib/phases/stepped-load.ts';
import type { InventoryFacts } from '../../lib/population/slices.ts';
import type { Settings } from '../../lib/settings.ts';

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

/** Name of the k6 scenario that begins and ends the faults, and of the function that it plays. */
const INJECTOR = 'faults';

/**
 * RATE all the way; for each fault STEADY_DURATION of nothing, FAULT_DURATION of the fault, RECOVERY_DURATION in which its
 * effects may last; at the end all is steady once more. Beside the flows, one virtual user begins and ends the faults.
 *
 * Throws a ConfigurationError where RECOVERY_DURATION is shorter than the longest flow: what a fault did to a flow may
 * show at its end only.
 */
export function resilienceLoad(settings: Settings, facts: InventoryFacts): LoadModel {
  const { rate, steadyMs, faultMs, recoveryMs, timeScale } = settings;
  const longestMs = facts.longestHumanMs * timeScale;
  if (recoveryMs < longestMs) {
    throw new ConfigurationError(
      `RECOVERY_DURATION is ${recoveryMs / 1000}s, but a flow of this inventory may take ${Math.ceil(longestMs / 100) / 10} s, ` +
        `so that a fault could show after its recovery; set ${Math.ceil(longestMs / 1000)}s or more`,
    );
  }
  const steady: LoadPart = { phase: 'steady', rate, durationMs: steadyMs };
  const parts = faultNames(settings).flatMap((fault, at): LoadPart[] => [
    at === 0 ? { ...steady, fault: NO_FAULT } : steady,
    { phase: 'fault', fault, rate, durationMs: faultMs },
    { phase: 'recovery', fault, rate, durationMs: recoveryMs },
  ]);
  const all = [...rampTo(settings), ...parts, steady];
  const model = steppedLoad(all, settings, facts);
  // A minute more than the parts take, so that a late injector still ends the last fault.
  const injectorMs = all.reduce((sum, { durationMs }) => sum + durationMs, 60_000);
  return {
    ...model,
    scenarios: {
      [FLOWS]: model.scenarios[FLOWS]!,
      [INJECTOR]: {
        executor: 'shared-iterations',
        exec: INJECTOR,
        vus: 1,
        iterations: 1,
        maxDuration: `${Math.ceil(injectorMs)}ms`,
        gracefulStop: '0s',
      },
    },
  };
}
