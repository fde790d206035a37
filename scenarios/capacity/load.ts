import { ConfigurationError } from '../../contract/configuration-error.ts';
import { MAX_LEVELS } from '../../catalogue/phases.ts';
import type { LoadModel } from '../../lib/load-model.ts';
import { steppedLoad } from '../../lib/phases/stepped-load.ts';
import type { InventoryFacts } from '../../lib/population/slices.ts';
import type { Settings } from '../../lib/settings.ts';
import { levelsOf } from './held-rate.ts';

/** Flow starts at START_RATE, then STEP_RATE more, and so on to MAX_RATE. Throws a ConfigurationError for too many steps. */
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
