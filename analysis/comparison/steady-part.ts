import { plannedRate } from '../../contract/planned-scenario.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { PlannedScenario } from '../../contract/planned-scenario.ts';

/** Intervals of a run that are compared: from `from` up to but excluding `to`. */
export interface SteadyPart {
  readonly from: number;
  readonly to: number;
  /** Planned arrivals per second in this part; null if no scenario has an arrival rate. */
  readonly perSecond: number | null;
}

/**
 * The part of a run that is compared: the longest stretch planned at a constant rate. That leaves out ramps, and the
 * time after the plan, when no more flows start. Without an arrival rate it is the whole planned time. The first
 * `skipMs` are skipped. `lastIndex`: last interval of the record, possibly incomplete.
 */
export function steadyPart(run: RunFile, skipMs: number, lastIndex: number): SteadyPart {
  const { intervalMs, scenarios, end } = run;
  const recorded = end === null ? lastIndex : Math.min(lastIndex + 1, Math.floor(end.durationMs / intervalMs));
  const planned = Math.max(0, ...scenarios.map((scenario) => endOf(scenario) ?? Infinity));
  const to = Math.min(recorded, scenarios.length === 0 ? Infinity : Math.floor(planned / intervalMs));
  const skipped = Math.ceil(skipMs / intervalMs);
  const plateau = longestPlateau(scenarios, intervalMs, to);
  return plateau === undefined
    ? { from: Math.min(skipped, to), to, perSecond: null }
    : { ...plateau, from: Math.min(Math.max(skipped, plateau.from), plateau.to) };
}

/** End of a scenario in milliseconds since the start of the run; undefined if iterations are counted. */
function endOf({ startMs, durationMs }: PlannedScenario): number | undefined {
  return durationMs === null ? undefined : startMs + durationMs;
}

/** The longest stretch of intervals at one planned rate; the last one if several are equal. */
function longestPlateau(scenarios: readonly PlannedScenario[], intervalMs: number, to: number): SteadyPart | undefined {
  const plans = scenarios.flatMap(({ arrivals }) => (arrivals === null ? [] : [arrivals]));
  if (plans.length === 0) return undefined;
  const rateAt = (ms: number): number => plans.reduce((sum, arrivals) => sum + plannedRate(arrivals, ms), 0);
  let best: SteadyPart | undefined;
  let from = 0;
  let rate = 0;
  for (const stretch of stretches(scenarios, intervalMs, to)) {
    const early = rateAt((stretch.from + 0.001) * intervalMs);
    const late = rateAt((stretch.to - 0.001) * intervalMs);
    const level = early > 0 && Math.abs(early - late) <= 1e-6 * early;
    if (!level || Math.abs(early - rate) > 1e-6 * rate) from = stretch.from;
    rate = level ? early : 0;
    if (level && (best === undefined || stretch.to - from >= best.to - best.from))
      best = { from, to: stretch.to, perSecond: rate };
  }
  return best;
}

/**
 * Splits the intervals up to `to` into stretches with linear planned rates; an interval with a point of the plan is a
 * stretch of its own. Their number depends on the points, not on the length that a record claims.
 */
function stretches(
  scenarios: readonly PlannedScenario[],
  intervalMs: number,
  to: number,
): readonly { readonly from: number; readonly to: number }[] {
  const points = scenarios.flatMap(({ arrivals }) => (arrivals ?? []).map(([at]) => Math.floor(at / intervalMs)));
  const single = [...new Set(points)].filter((index) => index >= 0 && index < to);
  const starts = [...new Set([0, ...single, ...single.map((index) => index + 1)])]
    .filter((index) => index < to)
    .sort((a, b) => a - b);
  return starts.map((from, at) => ({ from, to: starts[at + 1] ?? to }));
}
