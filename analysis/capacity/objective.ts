import { ConfigurationError } from '../../contract/configuration-error.ts';
import { didYouMean } from '../../contract/nearest.ts';
import { selector } from '../../contract/selector.ts';
import { thresholdParts } from '../../contract/threshold-expression.ts';
import { parseSelector } from '../../contract/threshold-expression.ts';

/** What must be known of a metric for an objective. */
export interface KnownMetric {
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  /** `time`: milliseconds. */
  readonly contains: 'default' | 'time' | 'data';
}

/**
 * A term of an objective, in a uniform form: of the samples of `metric` with `tags`, the share of bad ones is below
 * `allowed`. `p(95)<300`: 5 % may be 300 or more; `rate<0.01`: 1 % may be other than 0.
 */
export interface Term {
  /** As in the answer: `p95(poll_duration)`, `error_rate`. */
  readonly name: string;
  /** As written, without surrounding blanks: `p95(poll_duration)<300ms`. */
  readonly text: string;
  /** `metric{tag:value}`. */
  readonly selector: string;
  /** Samples of at least this are bad, in the metric's unit; null: of a rate, those that are not 0. */
  readonly limit: number | null;
  /** The limit with its unit, as in the answer: `300 ms`, `0.1 %`. */
  readonly shownLimit: string;
  readonly allowed: number;
}

/** Settings that provide an objective's defaults. */
interface ObjectiveDefaults {
  /** MAX_ERROR_RATE, a share. */
  readonly maxErrorRate: number;
  /** P95_MS. */
  readonly p95Ms: number;
}

/** Aliases of a statistic with its metric. */
const ALIASES: Readonly<Record<string, string>> = {
  error_rate: 'rate(http_req_failed{peer:pf})',
  flow_failure_rate: 'rate(outcome_mismatch)',
  pairing_error_rate: 'rate(pairing_error_rate)',
};

/** Why a statistic cannot be used. */
const NO_SHARE: Readonly<Record<string, string>> = {
  avg: 'an average is not a share of requests; use p(95)',
  max: 'a maximum is not a share of requests: one more request may exceed it; use p(99.9)',
  min: 'a minimum is not a share of requests; use p(95)',
  count: 'a count is not a share of requests; use the rate of a rate metric',
  value: 'a gauge has no samples of requests; use p(95) of a duration or the rate of a rate metric',
};

/** Factors to milliseconds, or to a share of 1. */
const UNITS: Readonly<Record<string, { readonly of: 'time' | 'share'; readonly factor: number }>> = {
  ms: { of: 'time', factor: 1 },
  s: { of: 'time', factor: 1_000 },
  '%': { of: 'share', factor: 0.01 },
};

const TERM = /^(.+?)\s*(===|==|!=|<=|>=|<|>)\s*(\d+(?:\.\d+)?)\s*([a-z%]*)$/is;
const STATISTIC = /^([a-z]+)\s*(?:(\d+(?:\.\d+)?)|\(\s*(\d+(?:\.\d+)?)\s*\))?\s*\((.+)\)$/is;

/**
 * Parses an objective, `p95(poll_duration)<300ms && error_rate<0.1%`: terms joined by `&&` or commas, each a statistic
 * that is a share (`p(N)`, `med`, `rate`) of a metric, or an alias, below a limit. The flow failure rate is always
 * added: a target that refuses quickly must not pass. The default is the 95th percentile of requests to PingFederate
 * and their error rate. `metrics`: those that a run can have. Throws a ConfigurationError.
 */
export function parseObjective(
  text: string | undefined,
  metrics: ReadonlyMap<string, KnownMetric>,
  { maxErrorRate, p95Ms }: ObjectiveDefaults,
): readonly Term[] {
  const standard = `p95(http_req_duration{peer:pf})<${p95Ms}ms && error_rate<${share(maxErrorRate)}`;
  const parts = splitTerms(text ?? standard);
  const terms = parts.map((part) => parseTerm(part, metrics));
  const always = parseTerm(`flow_failure_rate<${share(maxErrorRate)}`, metrics);
  const twice = terms.find((term, at) => terms.findIndex((other) => key(other) === key(term)) !== at);
  if (twice !== undefined) throw refusal(twice.text, `${twice.name} has two limits; keep the stricter one`);
  return terms.some((term) => key(term) === key(always)) ? terms : [...terms, always];
}

/** Equal for the same statistic of the same metric. */
const key = ({ limit, allowed, selector }: Term): string => `${limit === null ? 'rate' : allowed} ${selector}`;
const share = (value: number): string => `${Number((value * 100).toPrecision(6))}%`;
const refusal = (text: string, why: string): ConfigurationError => new ConfigurationError(`--slo "${text}": ${why}`);

/** Splits at `&&` and commas, except commas within braces, which separate tags. */
function splitTerms(text: string): readonly string[] {
  const parts = text.split(/&&|,(?![^{]*\})/).map((part) => part.trim());
  if (parts.some((part) => part === ''))
    throw refusal(text, 'a term is missing; write p95(poll_duration)<300ms && error_rate<0.1%');
  return parts;
}

function parseTerm(text: string, metrics: ReadonlyMap<string, KnownMetric>): Term {
  const [, subject, operator, number, unit] = TERM.exec(text) ?? [];
  if (subject === undefined)
    throw refusal(
      text,
      'is not of the form statistic(metric)<limit, such as p95(poll_duration)<300ms or error_rate<0.1%',
    );
  if (operator !== '<' && operator !== '<=')
    throw refusal(text, `an objective is an upper limit: write < or <=, not ${operator!}`);
  const [, word = '', short, long, of = ''] = STATISTIC.exec(ALIASES[subject] ?? subject) ?? [];
  if (word === '') {
    const [, statistic, metric] = /^(\w[\w.]*)\s+(\S+)$/.exec(subject) ?? [];
    const known = Object.keys(ALIASES);
    const remedy = statistic === undefined ? didYouMean(subject, known) : ` (did you mean ${statistic}(${metric})?)`;
    throw refusal(text, `${subject} is neither statistic(metric) nor ${known.join(', ')}${remedy}`);
  }
  const percentile = short ?? long;
  const method = word === 'median' ? 'med' : word;
  // The grammar of thresholds defines statistics; objectives only allow shorter notations.
  const parts = thresholdParts(`${method}${percentile === undefined ? '' : `(${percentile})`}<${number!}`);
  if (parts === undefined)
    throw refusal(
      text,
      `${word} is not a statistic; an objective takes p(N), med or rate${didYouMean(word, ['median', 'rate'])}`,
    );
  if (NO_SHARE[parts.stat] !== undefined) throw refusal(text, NO_SHARE[parts.stat]!);

  const { metric, tags } = parseSelector(of);
  const known = metrics.get(metric);
  if (known === undefined)
    throw refusal(
      text,
      `there is no metric ${metric}${didYouMean(metric, [...metrics.keys()])}; docs/metrics.md has them`,
    );
  const type = parts.stat === 'rate' ? 'rate' : 'trend';
  if (known.type !== type)
    throw refusal(text, `${parts.stat} does not fit a ${known.type}; ${metric} has ${STATISTICS_OF[known.type]}`);
  return { ...limitOf(text, parts, known, unit!.toLowerCase()), name: subject, text, selector: selector(metric, tags) };
}

const STATISTICS_OF: Readonly<Record<KnownMetric['type'], string>> = {
  trend: 'p(N) and med',
  rate: 'rate',
  counter: 'no statistic that is a share',
  gauge: 'no statistic that is a share',
};

/** A term's limit, and the share that may exceed it. */
function limitOf(
  text: string,
  { stat, limit, percentile }: NonNullable<ReturnType<typeof thresholdParts>>,
  { contains }: KnownMetric,
  unit: string,
): Pick<Term, 'limit' | 'allowed' | 'shownLimit'> {
  const wanted = stat === 'rate' ? 'share' : contains === 'time' ? 'time' : 'none';
  const known = UNITS[unit];
  if (unit !== '' && known?.of !== wanted) throw refusal(text, UNIT_HINTS[wanted]);
  const value = limit * (known?.factor ?? 1);
  if (stat === 'rate') {
    if (!(value > 0))
      throw refusal(text, 'no number of requests can prove that none fails; write a tolerable share, such as <0.1%');
    if (value >= 1) throw refusal(text, 'a share of 100 % or more allows everything; write 1% or 0.01');
    return { limit: null, allowed: value, shownLimit: `${Number((value * 100).toPrecision(6))} %` };
  }
  const quantile = (percentile ?? 50) / 100;
  if (!(quantile > 0 && quantile < 1))
    throw refusal(text, 'N of p(N) lies between 0 and 100, such as p(95) or p(99.9)');
  if (!(value > 0)) throw refusal(text, 'the limit must be greater than 0');
  const allowed = Number((1 - quantile).toPrecision(12));
  return { limit: value, allowed, shownLimit: wanted === 'time' ? `${value} ms` : `${value}` };
}

const UNIT_HINTS = {
  share: 'a rate is a share: write 0.1% or 0.001',
  time: 'a duration is in ms or s: write 300ms or 0.3s',
  none: 'this metric has no unit: write just the number',
} as const;
