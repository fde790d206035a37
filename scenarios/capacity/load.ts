import { ConfigurationError } from '../../contract/configuration-error.ts';
import { MAX_LEVELS } from '../../catalogue/phases.ts';
import type { LoadModel } from '../../lib/load-model.ts';
import { steppedLoad } from '../../lib/phases/stepped-load.ts';
import type { InventoryFacts } from '../../lib/population/slices.ts';
import type { Settings } from '../../lib/settings.ts';
import { levelsOf } from '../../contract/held-rate.ts';

/** Levels from START_RATE to MAX_RATE, STEP_RATE apart. Throws a ConfigurationError for too many levels. */
export function capacityLoad(settings: Settings, facts: InventoryFacts): LoadModel {
  const { startRate, stepRate, maxRate, stepMs } = settings;
  const steps = (maxRate - startRate) / stepRate;
  if (steps > MAX_LEVELS - 1 + 1e-9) {
    throw new ConfigurationError(
      `START_RATE ${startRate} to MAX_RATE ${maxRate} in steps of ${stepRate} is more than ${MAX_LEVELS} rates; ` +
        `set STEP_RATE to ${Math.ceil((maxRate - startRate) / (MAX_LEVELS - 1))} or more`,
    );
  }
  const levels = levelsOf(settings);
  return steppedLoad(
    levels.map(({ level, rate }) => ({ phase: 'level', level, rate, durationMs: stepMs })),
    settings,
    facts,
  );
}
