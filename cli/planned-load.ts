import { ConfigurationError } from '../contract/configuration-error.ts';
import { openModel, sharedFlows } from '../lib/load-model.ts';
import type { LoadModel } from '../lib/load-model.ts';
import type { InventoryFacts } from '../lib/population/slices.ts';
import type { Settings } from '../lib/settings.ts';
import { capacityLoad } from '../scenarios/capacity/load.ts';
import { resilienceLoad } from '../scenarios/resilience/load.ts';
import { spikeLoad } from '../scenarios/spike/load.ts';

const LOADS: Readonly<Record<Settings['scenario'], (settings: Settings, facts: InventoryFacts) => LoadModel>> = {
  smoke: sharedFlows,
  load: openModel,
  soak: openModel,
  capacity: capacityLoad,
  spike: spikeLoad,
  resilience: resilienceLoad,
};

/** What a scenario plans, by the code that plans it; undefined where it cannot be planned at all, which the run says. */
export function plannedLoad(settings: Settings, facts: InventoryFacts): LoadModel | undefined {
  try {
    return LOADS[settings.scenario](settings, facts);
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

/** At most, as its script plans it. */
const SMOKE_MS = 3_600_000;

/** On the users, the length of a plan does not depend. */
const ANY_USERS: InventoryFacts = { users: Infinity, meanHumanMs: 0, longestHumanMs: 0, longestFlowMs: 0 };

/** For how long the flows of a scenario start, in milliseconds; 0 where it cannot be planned. */
export function planLengthMs(settings: Settings): number {
  if (settings.scenario === 'smoke') return SMOKE_MS;
  const load = plannedLoad({ ...settings, arrivals: 'even' }, ANY_USERS);
  return load === undefined ? 0 : (load.timeline?.at(-1)?.endMs ?? settings.rampMs + settings.durationMs);
}
