import { NO_FAULT } from '../../catalogue/phases.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { LoadModel } from '../../lib/load-model.ts';
import { FLOWS, rampTo, steppedLoad } from '../../lib/phases/stepped-load.ts';
import type { LoadPart } from '../../lib/phases/stepped-load.ts';
import type { InventoryFacts } from '../../lib/population/slices.ts';
import type { Settings } from '../../lib/settings.ts';
import { faultNames } from './faults.ts';

/** Name of the k6 scenario that injects the faults, and of its function. */
const INJECTOR = 'faults';

/**
 * RATE throughout. For each fault: STEADY_DURATION without it, FAULT_DURATION with it, RECOVERY_DURATION for its
 * effects to fade; at the end one more steady part. A separate VU injects the faults.
 *
 * Throws a ConfigurationError if RECOVERY_DURATION is shorter than the longest flow, whose end may be the first place
 * where a fault shows.
 */
export function resilienceLoad(settings: Settings, facts: InventoryFacts): LoadModel {
  const { rate, steadyMs, faultMs, recoveryMs, timeScale } = settings;
  const longestMs = facts.longestHumanMs * timeScale;
  if (recoveryMs < longestMs) {
    throw new ConfigurationError(
      `RECOVERY_DURATION is ${recoveryMs / 1000}s, but a flow of this inventory may take ${Math.ceil(longestMs / 100) / 10} s, ` +
        `so a fault could still show after its recovery; set ${Math.ceil(longestMs / 1000)}s or more`,
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
  // An extra minute, so that a late injector still ends the last fault.
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
