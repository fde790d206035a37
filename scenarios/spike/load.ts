import type { LoadModel } from '../../lib/load-model.ts';
import { rampTo, steppedLoad } from '../../lib/phases/stepped-load.ts';
import type { InventoryFacts } from '../../lib/population/slices.ts';
import type { Settings } from '../../lib/settings.ts';

/** RATE, then at once SPIKE_FACTOR times RATE, then RATE again. */
export function spikeLoad(settings: Settings, facts: InventoryFacts): LoadModel {
  const { rate, steadyMs, spikeMs, spikeFactor, recoveryMs } = settings;
  return steppedLoad(
    [
      ...rampTo(settings),
      { phase: 'steady', rate, durationMs: steadyMs },
      { phase: 'spike', rate: rate * spikeFactor, durationMs: spikeMs },
      { phase: 'recovery', rate, durationMs: recoveryMs },
    ],
    settings,
    facts,
  );
}
