import type { InventoryFacts } from '../lib/population/slices.ts';
import type { Settings } from '../lib/settings.ts';
import { plannedLoad } from './planned-load.ts';

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
