import type { PlannedScenario } from '../../contract/planned-scenario.ts';

/** A part's plan, and how much later than the whole its clock started. */
interface PlannedPart {
  readonly scenarios: readonly PlannedScenario[];
  readonly lateMs: number;
}

/**
 * The plan of the whole: scenarios of the same name are added up, with times relative to the start of the whole. If the
 * parts' arrival rates change at different times, `arrivals` is null.
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
