import type { MetricType } from '../catalogue/metrics.ts';
import { ConfigurationError } from './configuration-error.ts';
import { withoutAlias } from './selector.ts';
import type { Selected } from './selector.ts';
import { emptyTotal, trendStatistic } from './series-counts.ts';
import type { SeriesTotal, Tags } from './series-counts.ts';

/** A threshold as configured. */
export interface ThresholdDefinition {
  /** `metric` or `metric{tag:value}`. */
  readonly metric: string;
  readonly expression: string;
}

/** A threshold as judged at the end; `value` is null without samples. */
export interface ThresholdResult extends ThresholdDefinition {
  readonly value: number | null;
  readonly ok: boolean;
}

/** Comparison operators of thresholds (k6-contract.md section 5). */
const OPERATORS: Readonly<Record<string, (left: number, right: number) => boolean>> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
  '==': (left, right) => left === right,
  '===': (left, right) => left === right,
  '!=': (left, right) => left !== right,
};

/** Methods by metric type; trends also have `p(N)`. */
const METHODS: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'min', 'max', 'med'],
};

/** A parsed threshold expression, such as `p(95)<500`. */
export interface ThresholdExpression {
  readonly text: string;
  /** The value to compare; `seconds`: length of the test so far. */
  readonly valueOf: (series: SeriesTotal, seconds: number) => number;
  readonly holds: (value: number) => boolean;
}

const EXPRESSION =
  /^(count|rate|value|avg|min|max|med|p\(\s*(\d+(?:\.\d+)?)\s*\))\s*(===|==|!=|<=|>=|<|>)\s*(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/i;

/** The parts of an expression. */
interface ThresholdParts {
  /** `count`, `med`, `p(95)`, … */
  readonly stat: string;
  readonly operator: string;
  readonly limit: number;
  /** N of `p(N)`. */
  readonly percentile: number | undefined;
}

/** Parses an expression, for any metric; undefined if invalid. */
export function thresholdParts(text: string): ThresholdParts | undefined {
  const [, method, percentile, operator, number] = EXPRESSION.exec(text.trim()) ?? [];
  if (method === undefined) return undefined;
  return {
    stat: percentile === undefined ? method : `p(${percentile})`,
    operator: operator!,
    limit: Number(number),
    percentile: percentile === undefined ? undefined : Number(percentile),
  };
}

/** Parses an expression for a metric of the given type. Throws a ConfigurationError that says what is valid. */
export function parseExpression(text: string, metric: string, type: MetricType): ThresholdExpression {
  const parts = thresholdParts(text);
  const place = `threshold "${text}" of ${metric}`;
  if (parts === undefined)
    throw new ConfigurationError(
      `${place} is not of the form <method> <operator> <number>, such as "${METHODS[type][0]}<100"`,
    );
  const { stat, operator, limit, percentile } = parts;
  const fits = percentile === undefined ? METHODS[type].includes(stat) : type === 'trend';
  if (!fits) {
    const known = [...METHODS[type], ...(type === 'trend' ? ['p(N)'] : [])].join(', ');
    throw new ConfigurationError(`${place}: ${stat} does not fit a ${type}; it has ${known}`);
  }
  if (percentile !== undefined && percentile > 100)
    throw new ConfigurationError(`${place}: N of p(N) must be at most 100`);
  const compare = OPERATORS[operator]!;
  return {
    text,
    valueOf: (series, seconds) => statistic(series, stat, seconds),
    holds: (value) => compare(value, limit),
  };
}

/**
 * Judges a threshold. Without samples a counter counts as 0 and is judged; a trend is judged as 0 too, a rate or gauge
 * does not fail, and the value of these three is null (k6-contract.md section 13). `seconds`: length of the run so far.
 */
export function judgeThreshold(
  expression: ThresholdExpression,
  type: MetricType,
  total: SeriesTotal | undefined,
  seconds: number,
): { readonly value: number | null; readonly ok: boolean } {
  if ((total === undefined || total.samples === 0) && type !== 'counter')
    return { value: null, ok: type !== 'trend' || expression.holds(0) };
  const value = expression.valueOf(total ?? emptyTotal(type), seconds);
  return { value, ok: expression.holds(value) };
}

function statistic(series: SeriesTotal, stat: string, seconds: number): number {
  if ('histogram' in series) return trendStatistic(series, stat);
  if ('sum' in series) return stat === 'count' ? series.sum : seconds > 0 ? series.sum / seconds : 0;
  if ('passes' in series) return series.samples === 0 ? 0 : series.passes / series.samples;
  return series.value;
}

const SELECTOR = /^([^{}\s]+)\s*(?:\{(.*)\})?$/s;

/**
 * Parses `metric{tag:value,tag:value}` (k6-contract.md section 5); values may be quoted. Throws a ConfigurationError.
 */
export function parseSelector(selector: string): Selected {
  const match = SELECTOR.exec(selector.trim());
  if (match === null)
    throw new ConfigurationError(`threshold selector "${selector}" is not of the form metric{tag:value,…}`);
  const tags: Record<string, string> = {};
  for (const part of (match[2] ?? '').split(',')) {
    if (part.trim() === '') continue;
    const colon = part.indexOf(':');
    if (colon <= 0)
      throw new ConfigurationError(`threshold selector "${selector}": "${part.trim()}" is not of the form tag:value`);
    tags[part.slice(0, colon).trim()] = part
      .slice(colon + 1)
      .trim()
      .replace(/^(["'])(.*)\1$/s, '$2');
  }
  return { metric: match[1]!, tags };
}

/**
 * Resolves a selector. `has`: whether a metric exists. An alias of a latency is resolved unless a metric has its name,
 * as in older records. Throws a ConfigurationError.
 */
export function resolveSelector(selector: string, has: (metric: string) => boolean): Selected {
  const named = parseSelector(selector);
  return has(named.metric) ? named : withoutAlias(named);
}

/** Whether a series with these tags matches a selector's; a missing tag counts as empty. */
export function carries(tags: Tags, wanted: readonly (readonly [string, string])[]): boolean {
  return wanted.every(([name, value]) => (tags[name] ?? '') === value);
}
