import { CONTENTS, METRIC_TYPES } from '../../catalogue/metrics.ts';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import { DecodeError, listOf, oneOf, record, text } from '../../contract/decode.ts';
import type { Tags } from '../../contract/series-counts.ts';

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.(\d{1,12}))?(?:[Zz]|[+-]\d\d:\d\d)$/;

/**
 * Parses RFC 3339, with any number of decimals and any zone, to fractional Unix milliseconds; NaN if invalid. For
 * today's times a double is exact to a quarter of a microsecond.
 */
export function unixTime(text: string): number {
  const match = RFC_3339.exec(text);
  if (match === null) return NaN;
  const fraction = match[1];
  if (fraction === undefined || fraction.length <= 3) return Date.parse(text);
  // Date.parse is only guaranteed to accept milliseconds.
  const dot = text.indexOf('.');
  const ms = Date.parse(text.slice(0, dot + 4) + text.slice(dot + 1 + fraction.length));
  return ms + Number(`0.${fraction.slice(3)}`);
}

/**
 * Lines of k6's `--out json` (k6-contract.md 8.1). Where its documentation is vague, every reading is accepted: any
 * order of keys, the metric's name beside or inside `data`, sub-metrics as entries of their metric or as lines, null
 * `tags`, unknown keys.
 */
interface MetricLine {
  readonly metric: string;
  readonly type: MetricType;
  readonly contains: Contains;
  /** Thresholds per metric or sub-metric. */
  readonly thresholds: readonly { readonly metric: string; readonly expressions: readonly string[] }[];
}

export interface PointLine {
  readonly metric: string;
  /** Unix milliseconds. */
  readonly at: number;
  readonly value: number;
  readonly tags: Tags;
}

/** A metric or a sub-metric `metric{tag:value}`; k6's own rule is stricter. */
const NAME = /^[^{}\s]{1,128}(?:\{.*\})?$/s;

export type K6Line = Readonly<Record<string, unknown>>;

const NO_TAGS: Tags = {};

/** Keeps sums of values finite. */
const LARGEST = 1e100;

/** Decodes a `Point`. Throws a DecodeError that names the place. */
export function pointLine(line: K6Line, place: string): PointLine {
  const data = record(line['data'], `${place}: data`);
  const time = text(data['time'], `${place}: data.time`);
  const at = unixTime(time);
  if (Number.isNaN(at))
    throw new DecodeError(
      `${place}: data.time is ${shown(time)}; expected a time in RFC 3339, such as 2026-05-09T14:34:45.239531499+02:00`,
    );
  const value = data['value'];
  if (typeof value !== 'number' || !(Math.abs(value) <= LARGEST))
    throw new DecodeError(`${place}: data.value is ${shown(value)}; expected a number up to ${LARGEST}`);
  return { metric: metricOf(line, data, place), at, value, tags: tagsOf(data['tags'], place) };
}

function metricOf(line: K6Line, data: K6Line, place: string): string {
  const name = line['metric'] ?? data['name'];
  if (typeof name !== 'string' || !NAME.test(name))
    throw new DecodeError(`${place}: metric is ${shown(name)}; expected the name of a metric`);
  return name;
}

/** k6's tags are strings and returned as they are; other scalars become strings, null is dropped. */
function tagsOf(tags: unknown, place: string): Tags {
  if (tags === undefined || tags === null) return NO_TAGS;
  const given = record(tags, `${place}: data.tags`);
  for (const tag in given) if (typeof given[tag] !== 'string') return asStrings(given, place);
  return given as Tags;
}

function asStrings(given: K6Line, place: string): Tags {
  return Object.fromEntries(
    Object.entries(given).flatMap(([tag, value]) => {
      if (value === null) return [];
      if (typeof value === 'object') throw new DecodeError(`${place}: data.tags.${tag} is not a string`);
      return [[tag, typeof value === 'string' ? value : JSON.stringify(value)]];
    }),
  );
}

/** Decodes a `Metric`. Throws a DecodeError that names the place. */
export function metricLine(line: K6Line, place: string): MetricLine {
  const data = record(line['data'], `${place}: data`);
  const metric = metricOf(line, data, place);
  return {
    metric,
    type: oneOf(...METRIC_TYPES)(data['type'], `${place}: data.type`),
    contains: oneOf(...CONTENTS)(data['contains'] ?? 'default', `${place}: data.contains`),
    thresholds: [
      { metric, expressions: expressionsOf(data['thresholds'], `${place}: data.thresholds`) },
      ...subMetrics(data['submetrics'], metric, `${place}: data.submetrics`),
    ].filter(({ expressions }) => expressions.length > 0),
  };
}

/** Expressions as strings, or in the long form of k6's options: `{threshold: 'p(95)<500', abortOnFail: true}`. */
function expressionsOf(value: unknown, place: string): readonly string[] {
  if (value === undefined || value === null) return [];
  return listOf<string>((item, at) =>
    typeof item === 'string' ? item : text(record(item, at)['threshold'], `${at}.threshold`),
  )(value, place);
}

/** Sub-metric entries name themselves by `name`, or by the `{tag:value}` suffix alone. */
function subMetrics(value: unknown, metric: string, place: string): MetricLine['thresholds'] {
  if (!Array.isArray(value)) return [];
  return value.map((item, at) => {
    const { name, suffix, thresholds } = record(item, `${place}[${at}]`);
    const expressions = expressionsOf(thresholds, `${place}[${at}].thresholds`);
    if (typeof name === 'string') return { metric: name, expressions };
    return { metric: `${metric}{${typeof suffix === 'string' ? suffix : ''}}`, expressions };
  });
}

function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  // Lists and objects may be nested too deeply for JSON.stringify.
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  return JSON.stringify(value).slice(0, 60);
}
