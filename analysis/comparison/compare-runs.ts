import { parseSelector } from '../../contract/threshold-expression.ts';
import type { ComparedRun, Comparison, ComparisonSettings, MetricComparison, SideOfMetric } from './comparison.ts';
import { differenceOf } from './difference.ts';
import type { Difference } from './difference.ts';
import type { Estimate } from './estimate.ts';
import { holm } from './holm.ts';
import type { Direction } from './judged-metrics.ts';
import type { EstimateUnit, EstimatedRun, RunEstimate } from './run-estimates.ts';
import { changesOf, findingsOf, stateOf } from './same-test.ts';
import { criticalT, twoSidedP } from './student-t.ts';

/** A metric that can be compared. */
interface Comparable {
  readonly name: string;
  readonly metric: string;
  readonly unit: EstimateUnit;
  readonly worse: Direction;
  readonly base: readonly Estimate[];
  readonly next: readonly Estimate[];
  readonly difference: Difference;
  readonly p: number;
}

type Estimates = ReadonlyMap<string, RunEstimate>;

/**
 * Compares two sides, each with one or more runs of the same test.
 *
 * A metric is worse (or better) if the difference is significant over all metrics together (holm.ts) and exceeds the
 * tolerance. If nothing changed, at most 1 − confidence of the comparisons call any metric wrongly; a difference
 * exactly as large as the tolerance is called half of the time.
 *
 * `anyway`: also compares runs of different tests. The result is reproducible.
 */
export function compareRuns(
  base: readonly EstimatedRun[],
  next: readonly EstimatedRun[],
  settings: ComparisonSettings,
  anyway: boolean,
): Comparison {
  const findings = findingsOf(base, next);
  const blocked = !anyway && findings.some(({ weight }) => weight === 'blocks');
  const direction = (metric: string): Direction | undefined => thresholdDirection([...base, ...next], metric);
  const metrics = blocked ? [] : compareMetrics(base.map(estimatesOf), next.map(estimatesOf), settings, direction);
  return {
    comparison: 'pairstorm',
    version: 1,
    verdict: blocked ? 'different_tests' : overall(metrics),
    settings,
    base: base.map(comparedRun),
    new: next.map(comparedRun),
    findings,
    changes: changesOf(base, next),
    metrics,
  };
}

function overall(metrics: readonly MetricComparison[]): MetricComparison['verdict'] {
  const order = ['worse', 'better', 'no_difference_shown'] as const;
  return order.find((verdict) => metrics.some((metric) => metric.verdict === verdict)) ?? 'not_comparable';
}

const estimatesOf = ({ estimates }: EstimatedRun): Estimates => estimates;

function comparedRun({ folder, run, part, estimates }: EstimatedRun): ComparedRun {
  const lengths = [...estimates.values()].flatMap(({ estimate }) =>
    'reason' in estimate ? [] : [estimate.blockLength],
  );
  return {
    folder,
    testid: run.testid,
    startedAt: run.startedAt,
    verdict: stateOf(run),
    fromSeconds: (part.from * run.intervalMs) / 1_000,
    toSeconds: (part.to * run.intervalMs) / 1_000,
    blockLengths: lengths.length === 0 ? null : { shortest: Math.min(...lengths), longest: Math.max(...lengths) },
  };
}

function compareMetrics(
  base: readonly Estimates[],
  next: readonly Estimates[],
  settings: ComparisonSettings,
  direction: (metric: string) => Direction | undefined,
): readonly MetricComparison[] {
  const known = new Map([...base, ...next].flatMap((estimates) => [...estimates]));
  const sides = [...known.values()].map((result) => pair(result, base, next, result.worse ?? direction(result.metric)));
  const comparable = sides.filter((side): side is Comparable => !('verdict' in side));
  const { rejected, level } = holm(
    comparable.map(({ p }) => p),
    1 - settings.confidence,
  );
  const judged = new Map(comparable.map((side, at) => [side.name, judge(side, rejected[at]!, level, settings)]));
  return sides.map((side) => ('verdict' in side ? side : judged.get(side.name)!));
}

/** Both sides of a metric, or why they cannot be compared. */
function pair(
  { name, metric, unit }: RunEstimate,
  base: readonly Estimates[],
  next: readonly Estimates[],
  worse: Direction | undefined,
): Comparable | MetricComparison {
  const [before, after] = [estimatesIn(base, name), estimatesIn(next, name)];
  const no = (reason: string): MetricComparison => ({
    ...{ name, metric, unit, worse: worse ?? null, verdict: 'not_comparable', reason },
    base: 'reason' in before ? null : estimateOfRuns(before, unit),
    new: 'reason' in after ? null : estimateOfRuns(after, unit),
    difference: null,
  });
  if ('reason' in before) return no(`base: ${before.reason}`);
  if ('reason' in after) return no(`new: ${after.reason}`);
  if (worse === undefined) return no('direction unknown (is higher worse?); add a threshold on it to define one');
  const difference = differenceOf(before, after);
  const { standardError, degrees } = difference;
  const p = difference.difference === 0 ? 1 : twoSidedP(difference.difference / standardError, degrees);
  if (!Number.isFinite(p)) return no('its values vary too much to be compared');
  return { name, metric, unit, worse, base: before, next: after, difference, p };
}

/** A metric's estimates from all runs of a side, or why one of them has none. */
function estimatesIn(runs: readonly Estimates[], name: string): readonly Estimate[] | { readonly reason: string } {
  const estimates: Estimate[] = [];
  for (const run of runs) {
    const result = run.get(name);
    if (result === undefined) return { reason: 'never recorded' };
    if ('reason' in result.estimate) return result.estimate;
    estimates.push(result.estimate);
  }
  return estimates;
}

/** Level of the intervals of a single side. */
const SIDE_ALPHA = 0.05;

/** The runs of one side together, with their interval. */
export function estimateOfRuns(runs: readonly Estimate[], unit: EstimateUnit): SideOfMetric {
  const location = runs.reduce((sum, run) => sum + run.location, 0) / runs.length;
  const { standardError, degrees } = differenceOf([], runs);
  const reach = standardError === 0 ? 0 : criticalT(SIDE_ALPHA, degrees) * standardError;
  const value = unit === 'share' ? location : runs.length === 1 ? runs[0]!.value : geometricMean(runs);
  const [low, high] =
    unit === 'share'
      ? [Math.max(0, value - reach), Math.min(1, value + reach)]
      : [value * Math.exp(-reach), value * Math.exp(reach)];
  return { value, low, high, samples: runs.reduce((sum, { samples }) => sum + samples, 0) };
}

function geometricMean(runs: readonly Estimate[]): number {
  return Math.exp(runs.reduce((sum, { value }) => sum + Math.log(value), 0) / runs.length);
}

function judge(side: Comparable, significant: boolean, level: number, settings: ComparisonSettings): MetricComparison {
  const { name, metric, unit, worse, difference, p } = side;
  const shown = (location: number): number => (unit === 'share' ? location : Math.expm1(location));
  const reach = criticalT(level, difference.degrees) * difference.standardError;
  const value = shown(difference.difference);
  const low = shown(difference.difference - reach);
  const high = shown(difference.difference + reach);
  const [base, next] = [estimateOfRuns(side.base, unit), estimateOfRuns(side.next, unit)];
  const within = (change: number): boolean => isWithin(change, base.value, unit, settings);
  const beyondTolerance = !within(value);
  const upwards = value > 0 ? 'higher' : 'lower';
  const called = significant && beyondTolerance;
  return {
    ...{ name, metric, unit, worse, reason: null, base, new: next },
    verdict: !called ? 'no_difference_shown' : upwards === worse ? 'worse' : 'better',
    difference: {
      ...{ value, low, high, level: 1 - level, p, significant, beyondTolerance },
      shownAlike: within(low) && within(high),
      degrees: difference.degrees,
      betweenRuns: difference.betweenRuns,
    },
  };
}

/** Whether a difference is too small to matter. */
export function isWithin(change: number, base: number, unit: EstimateUnit, settings: ComparisonSettings): boolean {
  if (unit === 'share') return Math.abs(change) <= settings.tolerancePoints;
  return Math.abs(change) <= settings.tolerance || (unit === 'ms' && Math.abs(change) * base <= settings.toleranceMs);
}

/** The direction in which a custom metric gets worse, by its thresholds: `rate<0.01`: higher; `rate>0.95`: lower. */
export function thresholdDirection(runs: readonly EstimatedRun[], metric: string): Direction | undefined {
  const directions = new Set(
    runs
      .flatMap(({ run }) => run.thresholds)
      .filter((threshold) => parseSelector(threshold.metric).metric === metric)
      .map(({ expression }): Direction | undefined =>
        expression.includes('<') ? 'higher' : expression.includes('>') ? 'lower' : undefined,
      ),
  );
  return directions.size === 1 ? [...directions][0] : undefined;
}
