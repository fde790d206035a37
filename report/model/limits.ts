import { thresholdParts } from '../../contract/threshold-expression.ts';
import type { ThresholdRow } from './report-model.ts';

/** A limit that thresholds set on what a chart shows. */
export interface Limit {
  /** `limit of p95` */
  readonly name: string;
  readonly value: number;
}

/** At most this many: more would hide the chart. */
const MOST_LIMITS = 3;

/** The distinct limits of thresholds on the metrics that `on` accepts, by selector. */
export function limitsOn(thresholds: readonly ThresholdRow[], on: (selector: string) => boolean): readonly Limit[] {
  const found = new Map<string, Limit>();
  for (const { metric, expression, limit } of thresholds) {
    if (!on(metric) || limit === null) continue;
    const stat = thresholdParts(expression)?.stat ?? '';
    const percentile = /^p\((.+)\)$/.exec(stat)?.[1];
    if (percentile === undefined && stat !== 'rate' && stat !== 'med' && stat !== 'max') continue;
    const of =
      percentile === undefined ? (stat === 'med' ? 'p50' : stat === 'max' ? 'the longest' : 'it') : `p${percentile}`;
    const name = stat === 'rate' ? 'limit' : `limit of ${of}`;
    found.set(`${name} ${limit}`, { name, value: limit });
  }
  return [...found.values()].slice(0, MOST_LIMITS);
}

const TIMES = ['http_req_duration', 'step_duration'];
const nameOf = (selector: string): string => selector.replace(/\{.*$/s, '');

/** The step in a selector of a latency; undefined if there is none. */
export function stepOf(selector: string): string | undefined {
  if (nameOf(selector) === 'poll_duration') return 'poll';
  return TIMES.includes(nameOf(selector)) ? /[{,](?:name|step):([^,}]*)/.exec(selector)?.[1] : undefined;
}

/** Whether a selector is of a metric, whatever its tags. */
export const onMetric =
  (...metrics: readonly string[]) =>
  (selector: string): boolean =>
    metrics.includes(nameOf(selector));

/** Whether a selector is of latencies of requests, of these steps or (none given) of any. */
export const onLatency =
  (...steps: readonly string[]) =>
  (selector: string): boolean =>
    (TIMES.includes(nameOf(selector)) || nameOf(selector) === 'poll_duration') &&
    (steps.length === 0 || steps.includes(stepOf(selector) ?? ''));

/** Whether a selector is limited to a phase. */
export const inPhase =
  (phase: string) =>
  (selector: string): boolean =>
    new RegExp(`[{,]phase:${phase}[,}]`).test(selector);
