import type { SeriesTotal } from '../../contract/series-counts.ts';
import type { Staircase } from './answer-model.ts';
import type { PhaseRow, RunFacts } from './report-model.ts';
import type { FaultWindow } from './resilience-view.ts';
import type { TimeBand } from './trend-summary.ts';

/** A phase that is back after another one has no single time. */
const ONCE = 0.8;
/** An end of flows that is shorter than this share of the run needs no name. */
const LEAST_END = 0.05;

/** What charts over time are marked with. */
interface Marked {
  readonly faults: readonly FaultWindow[];
  readonly staircase: Staircase | null;
  readonly phases: readonly PhaseRow[];
  readonly scenarios: RunFacts['scenarios'];
  readonly endMs: number;
  /** Until when flows were started, if the run was stopped; Infinity: as planned. */
  readonly startsMs: number;
}

/** What charts over time mark: faults, else levels, else phases, each from its beginning to that of the next. */
export function timeBands({ faults, staircase, phases, scenarios, endMs, startsMs }: Marked): readonly TimeBand[] {
  if (faults.length > 0)
    return faults.map(({ fault, kind, fromMs, toMs }) => ({
      name: fault,
      kind,
      fromMs,
      toMs: Math.min(toMs, endMs),
    }));
  if (staircase !== null)
    return staircase.levels.map(({ rate, fromMs, toMs }) => ({ name: `${rate}/s`, kind: 'part', fromMs, toMs }));
  const planned = plannedBands(phases, scenarios, endMs, startsMs);
  if (planned.length > 0) return planned;
  const once = phases.filter(({ fromMs, toMs, activeMs }) => activeMs >= ONCE * (toMs - fromMs));
  if (once.length < 2) return [];
  const inOrder = once.toSorted((a, b) => a.fromMs - b.fromMs);
  return inOrder.map(({ name, fromMs }, at) => ({
    // Before its first request a run is in its first phase already.
    ...{ name, kind: 'part' as const, fromMs: at === 0 ? 0 : fromMs },
    toMs: inOrder[at + 1]?.fromMs ?? endMs,
  }));
}

/** Phases that are scenarios of their own, as planned, and the time behind them in which flows only end. */
function plannedBands(
  phases: Marked['phases'],
  scenarios: Marked['scenarios'],
  endMs: number,
  startsMs: number,
): readonly TimeBand[] {
  if (!phases.every((phase) => scenarios.some(({ name }) => name === phase.name))) return [];
  const inOrder = scenarios
    .filter(({ name, durationMs }) => durationMs !== null && phases.some((phase) => phase.name === name))
    .toSorted((a, b) => a.startMs - b.startMs)
    .map(({ name, startMs, durationMs }) => ({
      ...{ name, fromMs: startMs },
      toMs: Math.min(startMs + durationMs!, startsMs),
    }))
    .filter(({ fromMs }) => fromMs < startsMs);
  const last = inOrder.at(-1);
  // One after the other, or they are no phases of time.
  if (last === undefined || inOrder.some(({ toMs }, at) => at + 1 < inOrder.length && toMs > inOrder[at + 1]!.fromMs))
    return [];
  const ending =
    endMs - last.toMs > LEAST_END * endMs ? [{ name: 'no new flows', fromMs: last.toMs, toMs: endMs }] : [];
  const bands = [...inOrder, ...ending].filter(({ fromMs }) => fromMs < endMs);
  return bands.length < 2 ? [] : bands.map((band) => ({ ...band, kind: 'part', toMs: Math.min(band.toMs, endMs) }));
}

/** Where nothing was recorded, as of a load generator that stood still: `vital` is recorded all the time, by column. */
export function holeBands(vital: readonly (SeriesTotal | undefined)[], widthMs: number): readonly TimeBand[] {
  // Before the first and behind the last column the run had not begun, or was over.
  const seen = vital.flatMap((total, column) => (total === undefined ? [] : [column]));
  return seen.slice(1).flatMap((column, at) => {
    const after = seen[at]! + 1;
    return column === after
      ? []
      : [{ name: '', kind: 'hole' as const, fromMs: after * widthMs, toMs: column * widthMs }];
  });
}
