import { plannedRate } from '../../contract/planned-scenario.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { PlannedScenario } from '../../contract/planned-scenario.ts';

/** Intervals of a run that are compared: from `from` up to, not with, `to`. */
export interface SteadyPart {
  readonly from: number;
  readonly to: number;
  /** Planned arrivals per second in it; null where no scenario has an arrival rate. */
  readonly perSecond: number | null;
}

/**
 * The part of a run that is compared: what was planned at one rate, the longest such stretch. That leaves out the way up to the
 * rate and the way down, and what comes after the plan, when no more flows begin. Where nothing has an arrival rate, all of the
 * planned time. `skipMs` more is left out after the start of the run. `lastIndex`: the last interval of the record; it may not be
 * whole.
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

/** End of a scenario, milliseconds since the start of the run; undefined where iterations are counted. */
function endOf({ startMs, durationMs }: PlannedScenario): number | undefined {
  return durationMs === null ? undefined : startMs + durationMs;
}

/** The longest stretch of intervals that lie at one planned rate from beginning to end; the last of several. */
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
 * The intervals up to `to`, in order: each interval that a point of the plan falls into by itself, and what lies between two such
 * as one stretch, in which every rate is a straight line. So their number is that of the points, however long a record says it is.
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
