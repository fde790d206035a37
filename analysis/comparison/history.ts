import { isWithin, estimateOfRuns, thresholdDirection } from './compare-runs.ts';
import type { ComparisonSettings, SideOfMetric } from './comparison.ts';
import { differenceOf } from './difference.ts';
import type { Estimate } from './estimate.ts';
import type { Direction } from './judged-metrics.ts';
import type { EstimateUnit, EstimatedRun } from './run-estimates.ts';
import { changesOf, findingsOf, stateOf } from './same-test.ts';
import type { TestChange } from './same-test.ts';
import { criticalT, twoSidedP } from './student-t.ts';

/** A run of a history. */
export interface HistoryRun {
  readonly folder: string;
  readonly testid: string;
  readonly startedAt: string;
  readonly pairstorm: string;
  readonly verdict: string;
  /** What was not as in the run before. */
  readonly changes: readonly TestChange[];
}

/** A lasting change of a metric. */
export interface HistoryStep {
  /** Index of the first run of the new level. */
  readonly at: number;
  readonly way: 'worse' | 'better';
  /** New level minus the one before: relative, for shares absolute; with its interval. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A metric over the runs. */
export interface HistoryMetric {
  readonly name: string;
  readonly unit: EstimateUnit;
  readonly worse: Direction;
  /** By run; null: not enough samples. */
  readonly values: readonly (SideOfMetric | null)[];
  readonly steps: readonly HistoryStep[];
}

/** Output of `pairstorm compare --history --json`. */
export interface History {
  readonly history: 'pairstorm';
  readonly version: 1;
  /** By the latest step of each metric; `not_comparable`: too few runs of one test, or no metric that could be judged. */
  readonly verdict: 'worse' | 'better' | 'no_difference_shown' | 'not_comparable';
  readonly settings: ComparisonSettings;
  /** In order of time. */
  readonly runs: readonly HistoryRun[];
  /** Runs that are not evidence, or are of another test than the newest. */
  readonly leftOut: readonly { readonly folder: string; readonly text: string }[];
  readonly metrics: readonly HistoryMetric[];
}

/** Fewer runs cannot tell a step from the variation between runs. */
export const FEWEST_RUNS = 4;

/** Fewer values of a metric have no step. */
const FEWEST_VALUES = 3;

/** Whether there are values enough to look for a step; only in a history that is comparable. */
export function isJudged({ values }: Pick<HistoryMetric, 'values'>): boolean {
  return values.filter((one) => one !== null).length >= FEWEST_VALUES;
}

/** p50 and p99 move with p95, or are rarer: judging all would need larger steps. */
const LEFT_TO_COMPARE = / p(50|99)$/;

/**
 * The trend over the runs of one test, in order of time, and the steps in it. A step divides the runs of a metric in
 * two where the difference between the means of both parts is most significant; each part is divided again. It counts
 * if it is significant over all metrics and places together (Bonferroni), with the degrees of freedom of the runs, and
 * beyond the tolerance. Reproducible.
 */
export function historyOf(given: readonly EstimatedRun[], settings: ComparisonSettings): History {
  const ordered = given.toSorted((a, b) => Date.parse(a.run.startedAt) - Date.parse(b.run.startedAt));
  const leftOut: { folder: string; text: string }[] = [];
  const keep = (runs: readonly EstimatedRun[], newest: readonly EstimatedRun[]): EstimatedRun[] =>
    runs.filter((run) => {
      const others = newest.filter((one) => one !== run);
      const blocking = findingsOf([run], others).find(({ weight }) => weight === 'blocks');
      if (blocking !== undefined)
        leftOut.push({ folder: run.folder, text: blocking.text.replace(`${run.folder} `, '') });
      return blocking === undefined;
    });
  const evidence = keep(ordered, []);
  const runs = keep(evidence, evidence.slice(-1));
  const shared = {
    ...{ history: 'pairstorm' as const, version: 1 as const, settings, leftOut },
    runs: runs.map((run, at): HistoryRun => historyRun(run, runs[at - 1])),
  };
  if (runs.length < FEWEST_RUNS) return { ...shared, verdict: 'not_comparable', metrics: metricsOf(runs, settings, 0) };
  const metrics = metricsOf(runs, settings, 1 - settings.confidence);
  if (!metrics.some(isJudged)) return { ...shared, verdict: 'not_comparable', metrics };
  const last = metrics.flatMap(({ steps }) => steps.at(-1)?.way ?? []);
  const verdict = (['worse', 'better'] as const).find((way) => last.includes(way)) ?? 'no_difference_shown';
  return { ...shared, verdict, metrics };
}

function historyRun(one: EstimatedRun, before: EstimatedRun | undefined): HistoryRun {
  const { folder, run } = one;
  const { testid, startedAt, pairstorm } = run;
  return {
    ...{ folder, testid, startedAt, pairstorm, verdict: stateOf(run) },
    changes: before === undefined ? [] : changesOf([before], [one]),
  };
}

/** `alpha`: probability of any step if nothing changed; 0: none are looked for. */
function metricsOf(
  runs: readonly EstimatedRun[],
  settings: ComparisonSettings,
  alpha: number,
): readonly HistoryMetric[] {
  const newest = runs.at(-1)?.estimates ?? new Map<string, never>();
  const known = [...newest.values()].flatMap((result) => {
    const worse = result.worse ?? thresholdDirection(runs, result.metric);
    const estimates = runs.map(({ estimates: of }) => {
      const estimate = of.get(result.name)?.estimate;
      return estimate === undefined || 'reason' in estimate ? null : estimate;
    });
    if (worse === undefined || LEFT_TO_COMPARE.test(result.name)) return [];
    return estimates.filter((one) => one !== null).length < 2 ? [] : [{ ...result, worse, estimates }];
  });
  const perTest = alpha / Math.max(1, known.length * (runs.length - 1));
  return known.map(({ name, unit, worse, estimates }) => ({
    ...{ name, unit, worse, values: estimates.map((one) => (one === null ? null : estimateOfRuns([one], unit))) },
    steps: perTest === 0 ? [] : stepsOf(estimates, { unit, worse, perTest, settings }),
  }));
}

interface Looking {
  readonly unit: EstimateUnit;
  readonly worse: Direction;
  readonly perTest: number;
  readonly settings: ComparisonSettings;
}

/** A run of a metric, with its place in the history. */
interface Placed {
  readonly at: number;
  readonly estimate: Estimate;
}

function stepsOf(estimates: readonly (Estimate | null)[], how: Looking): readonly HistoryStep[] {
  const placed = estimates.flatMap((estimate, at): Placed[] => (estimate === null ? [] : [{ at, estimate }]));
  return stepsWithin(placed, how).toSorted((a, b) => a.at - b.at);
}

function stepsWithin(runs: readonly Placed[], how: Looking): readonly HistoryStep[] {
  if (runs.length < FEWEST_VALUES) return [];
  const splits = runs.slice(1).map((_, before) => splitAt(runs, before + 1, how));
  const [best] = splits.toSorted((a, b) => a.p - b.p);
  if (best === undefined || best.p > how.perTest || !best.matters) return [];
  return [best.step, ...stepsWithin(runs.slice(0, best.cut), how), ...stepsWithin(runs.slice(best.cut), how)];
}

interface Split {
  readonly cut: number;
  readonly p: number;
  /** Beyond the tolerance. */
  readonly matters: boolean;
  readonly step: HistoryStep;
}

function splitAt(runs: readonly Placed[], cut: number, { unit, worse, perTest, settings }: Looking): Split {
  const of = (part: readonly Placed[]): readonly Estimate[] => part.map(({ estimate }) => estimate);
  const [before, after] = [of(runs.slice(0, cut)), of(runs.slice(cut))];
  const { difference, standardError, degrees } = differenceOf(before, after);
  // The runs, few as they are, say how much runs differ.
  const freedom = Math.max(1, Math.min(degrees, runs.length - 2));
  const p = difference === 0 || standardError === 0 ? 1 : twoSidedP(difference / standardError, freedom);
  const reach = criticalT(perTest, freedom) * standardError;
  const shown = (location: number): number => (unit === 'share' ? location : Math.expm1(location));
  const value = shown(difference);
  return {
    cut,
    p: Number.isFinite(p) ? p : 1,
    matters: !isWithin(value, estimateOfRuns(before, unit).value, unit, settings),
    step: {
      ...{ at: runs[cut]!.at, way: value > 0 === (worse === 'higher') ? 'worse' : 'better', value },
      ...{ low: shown(difference - reach), high: shown(difference + reach) },
    },
  };
}
