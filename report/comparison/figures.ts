import type { Comparison, MetricComparison, SideOfMetric } from '../../analysis/comparison/comparison.ts';
import type { HistoryStep } from '../../analysis/comparison/history.ts';
import type { EstimateUnit } from '../../analysis/comparison/run-estimates.ts';
import { counted, quantity } from '../quantity.ts';

/** Shown where there is no figure. */
const NO_FIGURE = '–';

/** A value of a side: `93.4 ms`, `1.24 %`, `19.9/s`. */
export function value(of: number | undefined, unit: EstimateUnit): string {
  if (of === undefined) return NO_FIGURE;
  if (unit === 'share') return `${(100 * of).toFixed(2)} %`;
  if (unit === 'per_second') return `${significant(of)}/s`;
  if (unit === 'plain') return significant(of);
  return of < 1_000 ? `${significant(of)} ms` : `${significant(of / 1_000)} s`;
}

/** Three significant digits, no exponent. */
function significant(number: number): string {
  if (number === 0) return '0';
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(number))));
  return number.toFixed(Math.min(decimals, 6));
}

/** A difference without its unit: `+10.4`, of percent or of percentage points. */
function signed(difference: number, unit: EstimateUnit): string {
  const percent = 100 * difference;
  const text =
    unit !== 'share' && Math.abs(percent) >= 1_000
      ? quantity(Math.round(Math.abs(percent)), 'count')
      : Math.abs(percent).toFixed(unit === 'share' ? 2 : 1);
  return `${percent < 0 ? '−' : '+'}${text}`;
}

const unitOf = (unit: EstimateUnit): string => (unit === 'share' ? 'pp' : '%');

/** A value with its interval: `93.4 ms (90.1 ms to 96.9 ms)`. */
export function valueWithInterval(side: SideOfMetric | null, unit: EstimateUnit): string {
  return side === null ? NO_FIGURE : `${value(side.value, unit)} (${rangeInWords(side, unit)})`;
}

/** The interval of a value: `90.1 ms to 96.9 ms`; '' without one. */
export function rangeInWords(side: SideOfMetric | null, unit: EstimateUnit): string {
  return side === null ? '' : `${value(side.low, unit)} to ${value(side.high, unit)}`;
}

/** Step metrics are the most frequent, and have the longest names. */
export function shortName(name: string): string {
  return name.replace(/^step_duration\{step:([^{}]*)\}/, 'step $1');
}

/** A change with its interval: `+10.4 % (+7.1 … +13.8 %)`. */
export function stepInWords({ value: of, low, high }: HistoryStep, unit: EstimateUnit): string {
  const range =
    unit !== 'share' && high > 100
      ? `${signed(low, unit)} … beyond`
      : `${signed(low, unit)} … ${signed(high, unit)} ${unitOf(unit)}`;
  return `${signed(of, unit)} ${unitOf(unit)} (${range})`;
}

/** The difference: `+10.4 %`, for shares `+0.52 pp` (percentage points). */
function change({ difference, unit }: MetricComparison): string {
  return difference === null ? NO_FIGURE : `${signed(difference.value, unit)} ${unitOf(unit)}`;
}

/** Its confidence interval: `+7.1 … +13.8 %`. */
function interval({ difference, unit }: MetricComparison): string {
  if (difference === null) return NO_FIGURE;
  const { low, high } = difference;
  // An interval this wide tells nothing.
  if (unit !== 'share' && high > 100) return `${signed(low, unit)} … beyond`;
  return `${signed(low, unit)} … ${signed(high, unit)} ${unitOf(unit)}`;
}

/** The figures of a metric: base, new, change, interval. */
export function figuresOf(
  metric: MetricComparison,
): readonly [base: string, later: string, change: string, interval: string] {
  const { base, unit } = metric;
  return [value(base?.value, unit), value(metric.new?.value, unit), change(metric), interval(metric)];
}

/** The tolerances, in words. */
export function toleranceInWords({ settings }: Comparison): string {
  const { tolerance, toleranceMs, tolerancePoints } = settings;
  return `${plain(100 * tolerance)} % and ${plain(toleranceMs)} ms, shares by ${plain(100 * tolerancePoints)} points`;
}

/** A number in its shortest form. */
function plain(number: number): string {
  return String(Number(number.toPrecision(6)));
}

/** Confidence of the intervals, in percent. */
export function confidenceOf({ metrics, settings }: Comparison): string {
  const level = metrics.find(({ difference }) => difference !== null)?.difference?.level ?? settings.confidence;
  return `${Number((100 * level).toFixed(2))} %`;
}

/** Metrics by verdict: worse and better ones by significance, the rest in the order of the record. */
export function sorted(
  comparison: Comparison,
): Readonly<Record<MetricComparison['verdict'], readonly MetricComparison[]>> {
  const of = (verdict: MetricComparison['verdict']): MetricComparison[] =>
    comparison.metrics.filter((metric) => metric.verdict === verdict);
  const surestFirst = (a: MetricComparison, b: MetricComparison): number => a.difference!.p - b.difference!.p;
  return {
    worse: of('worse').sort(surestFirst),
    better: of('better').sort(surestFirst),
    no_difference_shown: of('no_difference_shown'),
    not_comparable: of('not_comparable'),
  };
}

const VERDICTS: Readonly<Record<Comparison['verdict'], (comparison: Comparison) => string>> = {
  worse: ({ metrics }) =>
    `worse: ${metrics.filter(({ verdict }) => verdict === 'worse').length} of ${comparable(metrics)}`,
  better: ({ metrics }) =>
    `better: ${metrics.filter(({ verdict }) => verdict === 'better').length} of ${comparable(metrics)}, none worse`,
  no_difference_shown: ({ metrics }) => `no difference shown in ${comparable(metrics)}`,
  not_comparable: () => 'not comparable: no metric could be compared',
  different_tests: () => 'not compared: not the same test, or no evidence (--anyway compares regardless)',
};

function comparable(metrics: readonly MetricComparison[]): string {
  return counted(metrics.filter(({ difference }) => difference !== null).length, 'metric');
}

/** The verdict over all metrics, as a sentence. */
export function verdictInWords(comparison: Comparison): string {
  return VERDICTS[comparison.verdict](comparison);
}

/** At most this many are named in a sentence. */
const MOST_CHANGES = 3;

/**
 * The answer in one sentence: the metric that is worse by most, else what the absence of a difference is worth, and how
 * sure it is.
 */
export function answerInWords(comparison: Comparison): string {
  const { worse, better, no_difference_shown: same } = sorted(comparison);
  const [called] = worse.length > 0 ? worse : better;
  const single = comparison.base.length === 1 && comparison.new.length === 1;
  const { changes } = comparison;
  const others = changes.length > MOST_CHANGES ? [`${changes.length - MOST_CHANGES} more`] : [];
  const also = [...changes.slice(0, MOST_CHANGES).map(({ what }) => what), ...others].join(', ');
  const unsure = `${also === '' ? '' : `; also changed: ${also}`}${single ? '; from one run a side' : ''}`;
  if (comparison.verdict === 'different_tests')
    return 'These runs cannot be compared: they are not the same test, or one of them is not evidence.';
  if (comparison.verdict === 'not_comparable') return 'No metric could be compared.';
  if (called !== undefined) {
    const [base, later, by] = figuresOf(called);
    const beside = (worse.length > 0 ? worse : better).length - 1;
    const more =
      beside === 0 ? '' : `, and ${beside} more ${beside === 1 ? 'metric is' : 'metrics are'} ${called.verdict}`;
    return `The new release is ${called.verdict}: ${shortName(called.name)} went from ${base} to ${later} (${by})${more}${unsure}.`;
  }
  const alike = same.filter(({ difference }) => difference?.shownAlike).length;
  const all = counted(same.length, 'metric');
  const words: Readonly<Record<Knowledge, string>> = {
    all: `No difference that matters: shown for ${same.length === 1 ? 'the only metric' : `all ${all}`}`,
    some: `No difference shown in ${all}: ${alike} ${alike === 1 ? 'is' : 'are'} shown to be alike, ${same.length - alike} may still differ`,
    none: `Not known whether it is worse: no difference shown in ${all}, and none is shown to be alike either`,
  };
  return `${words[knowledgeOf(comparison)]}${unsure}.`;
}

/** Of how many metrics without a difference it is shown that none matters. */
export type Knowledge = 'all' | 'some' | 'none';

/** What it is worth that no difference was shown. */
export function knowledgeOf(comparison: Comparison): Knowledge {
  const { no_difference_shown: same } = sorted(comparison);
  const alike = same.filter(({ difference }) => difference?.shownAlike).length;
  return alike === 0 ? 'none' : alike === same.length ? 'all' : 'some';
}

/** A summary of the metrics that are not listed; '' if there are none. */
export function restInWords(comparison: Comparison): string {
  const { no_difference_shown: same, not_comparable: not } = sorted(comparison);
  const alike = same.filter(({ difference }) => difference?.shownAlike).length;
  const parts = [
    ...(same.length === 0
      ? []
      : [`no difference shown in ${same.length} (${alike} of them confirmed within the tolerance)`]),
    ...(not.length === 0 ? [] : [`${not.length} not comparable`]),
  ];
  return parts.join('; ');
}
