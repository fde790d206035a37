import { thresholdParts } from '../../contract/threshold-expression.ts';
import type { ThresholdRow } from './report-model.ts';

/** A limit that thresholds set on what a chart shows. */
export interface Limit {
  /** `limit of p95`; `limit of p95, spike` */
  readonly name: string;
  readonly value: number;
  /** The only phases in which it holds; absent: all of the run. */
  readonly phases?: readonly string[];
}

/** At most this many: more would hide the chart. */
const MOST_LIMITS = 3;

/** The distinct limits of thresholds on the metrics that `on` accepts, by selector. */
export function limitsOn(thresholds: readonly ThresholdRow[], on: (selector: string) => boolean): readonly Limit[] {
  const found = new Map<string, Pick<Limit, 'name' | 'value'> & { readonly phases: Set<string> }>();
  for (const { metric, expression, limit } of thresholds) {
    const name = limit === null || !on(metric) ? undefined : nameOfLimit(expression);
    if (limit === null || name === undefined) continue;
    const { phases } = found.get(`${name} ${limit}`) ?? { phases: new Set<string>() };
    found.set(`${name} ${limit}`, { name, value: limit, phases: phases.add(phaseIn(metric)) });
  }
  return [...found.values()].slice(0, MOST_LIMITS).map(({ name, value, phases }) => {
    const of = [...phases];
    return phases.has('') ? { name, value } : { name: `${name}, ${of.join(' and ')}`, value, phases: of };
  });
}

/** What a limit is on; undefined: charts do not show it. */
function nameOfLimit(expression: string): string | undefined {
  const stat = thresholdParts(expression)?.stat ?? '';
  const percentile = /^p\((.+)\)$/.exec(stat)?.[1];
  const of = percentile === undefined ? NAMES[stat] : ` of p${percentile}`;
  return of === undefined ? undefined : `limit${of}`;
}

const NAMES: Readonly<Record<string, string>> = { rate: '', med: ' of p50', max: ' of the longest' };

/** The phase of a selector; '' without one. */
const phaseIn = (selector: string): string => /[{,]phase:([^,}]*)/.exec(selector)?.[1] ?? '';

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
    phaseIn(selector) === phase;
