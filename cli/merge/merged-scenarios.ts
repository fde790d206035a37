import type { PlannedScenario } from '../../contract/run-record/run-file.ts';

/**
 * The plan of the whole: scenarios of one name, each part's share added up. Arrivals of parts that change at other times are
 * not known as one plan (null).
 */
export function mergedScenarios(all: readonly (readonly PlannedScenario[])[]): readonly PlannedScenario[] {
  const byName = new Map<string, PlannedScenario>();
  for (const scenario of all.flat()) {
    const known = byName.get(scenario.name);
    byName.set(scenario.name, known === undefined ? scenario : together(known, scenario));
  }
  return [...byName.values()];
}

function together(a: PlannedScenario, b: PlannedScenario): PlannedScenario {
  return {
    name: a.name,
    executor: a.executor,
    startMs: Math.min(a.startMs, b.startMs),
    durationMs: a.durationMs === null || b.durationMs === null ? null : Math.max(a.durationMs, b.durationMs),
    arrivals: addedArrivals(a.arrivals, b.arrivals),
    maxVus: a.maxVus + b.maxVus,
  };
}

function addedArrivals(a: PlannedScenario['arrivals'], b: PlannedScenario['arrivals']): PlannedScenario['arrivals'] {
  if (a === null || b?.length !== a.length || !a.every(([atMs], at) => b[at]![0] === atMs)) return null;
  return a.map(([atMs, perSecond], at) => [atMs, perSecond + b[at]![1]]);
}
