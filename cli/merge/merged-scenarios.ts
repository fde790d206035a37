import type { PlannedScenario } from '../../contract/planned-scenario.ts';

/** The plan of a part, and by how much its clock began later than that of the whole. */
interface PlannedPart {
  readonly scenarios: readonly PlannedScenario[];
  readonly lateMs: number;
}

/**
 * The plan of the whole: scenarios of one name, each part's share added up, at times since the start of the whole. Arrivals of
 * parts that change at other times are not known as one plan (null).
 */
export function mergedScenarios(parts: readonly PlannedPart[]): readonly PlannedScenario[] {
  const byName = new Map<string, PlannedScenario>();
  for (const scenario of parts.flatMap(({ scenarios, lateMs }) => scenarios.map((one) => later(one, lateMs)))) {
    const known = byName.get(scenario.name);
    byName.set(scenario.name, known === undefined ? scenario : together(known, scenario));
  }
  return [...byName.values()];
}

function later(scenario: PlannedScenario, byMs: number): PlannedScenario {
  const { startMs, arrivals } = scenario;
  const moved = arrivals?.map(([atMs, perSecond]) => [atMs + byMs, perSecond] as const) ?? null;
  return { ...scenario, startMs: startMs + byMs, arrivals: moved };
}

function together(a: PlannedScenario, b: PlannedScenario): PlannedScenario {
  const startMs = Math.min(a.startMs, b.startMs);
  return {
    name: a.name,
    executor: a.executor,
    startMs,
    durationMs:
      a.durationMs === null || b.durationMs === null
        ? null
        : Math.max(a.startMs + a.durationMs, b.startMs + b.durationMs) - startMs,
    arrivals: addedArrivals(a.arrivals, b.arrivals),
    maxVus: a.maxVus + b.maxVus,
  };
}

function addedArrivals(a: PlannedScenario['arrivals'], b: PlannedScenario['arrivals']): PlannedScenario['arrivals'] {
  if (a === null || b?.length !== a.length || !a.every(([atMs], at) => b[at]![0] === atMs)) return null;
  return a.map(([atMs, perSecond], at) => [atMs, perSecond + b[at]![1]]);
}
