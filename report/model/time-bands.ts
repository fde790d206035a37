import type { Staircase } from './answer-model.ts';
import type { PhaseRow } from './report-model.ts';
import type { FaultWindow } from './resilience-view.ts';
import type { TimeBand } from './trend-summary.ts';

/** A phase that is back after another one has no single time. */
const ONCE = 0.8;

/** What charts over time mark: faults, else levels, else phases, each from its beginning to that of the next. */
export function timeBands(
  faults: readonly FaultWindow[],
  staircase: Staircase | null,
  phases: readonly PhaseRow[],
  endMs: number,
): readonly TimeBand[] {
  if (faults.length > 0)
    return faults.map(({ fault, kind, fromMs, toMs }) => ({
      name: fault,
      kind,
      fromMs,
      toMs: Math.min(toMs, endMs),
    }));
  if (staircase !== null)
    return staircase.levels.map(({ rate, fromMs, toMs }) => ({ name: `${rate}/s`, kind: 'part', fromMs, toMs }));
  const once = phases.filter(({ fromMs, toMs, activeMs }) => activeMs >= ONCE * (toMs - fromMs));
  if (once.length < 2) return [];
  const inOrder = once.toSorted((a, b) => a.fromMs - b.fromMs);
  return inOrder.map(({ name, fromMs }, at) => ({
    // Before its first request a run is in its first phase already.
    ...{ name, kind: 'part' as const, fromMs: at === 0 ? 0 : fromMs },
    toMs: inOrder[at + 1]?.fromMs ?? endMs,
  }));
}
