import type { LATENCY_ALIASES } from '../catalogue/metrics.ts';
import type { SeriesName, Tags } from './series-counts.ts';

/**
 * `metric{tag:value,…}`: the name of a sub-metric in thresholds and in the summary (k6-contract.md section 5). Tags are
 * sorted: k6 documents no order, and may treat two orders as two sub-metrics.
 */
export function selector(metric: string, tags: Readonly<Record<string, string>>): string {
  const list = Object.entries(tags)
    .map(([tag, value]) => `${tag}:${value}`)
    .sort();
  return list.length === 0 ? metric : `${metric}{${list.join(',')}}`;
}

/**
 * A latency is `http_req_duration` of requests to PingFederate with an expected answer: how fast a target fails is not
 * latency. Failures are judged by `http_req_failed`, which has the same tags.
 */
export const ofStep = (step: string) => ({ expected_response: 'true', name: step, peer: 'pf' }) as const;

/** Names of requests that wait for a decision; `wait` is a browser's GET in older records. */
export const POLL_NAMES: readonly string[] = ['poll', 'wait'];

/** A metric, or its part with certain tags. */
export type Selected = Pick<SeriesName, 'metric' | 'tags'>;

/** The tags of `http_req_duration` that an alias stands for, from the alias's tags. */
const STANDS_FOR: Readonly<Record<keyof typeof LATENCY_ALIASES, (tags: Tags) => Tags>> = {
  poll_duration: (tags) => ({ ...ofStep('poll'), ...tags }),
  step_duration: ({ step, ...tags }) => {
    if (step === undefined) return { expected_response: 'true', peer: 'pf', ...tags };
    return step === 'wait' ? { ...ofStep('poll'), method: 'GET', ...tags } : { ...ofStep(step), ...tags };
  },
};

/** Resolves an alias of a latency; anything else is returned as is. */
export function withoutAlias({ metric, tags }: Selected): Selected {
  if (!Object.hasOwn(STANDS_FOR, metric)) return { metric, tags };
  return { metric: 'http_req_duration', tags: STANDS_FOR[metric as keyof typeof STANDS_FOR](tags) };
}

/** The aliases that select a series. */
export function aliasesOf({ metric, tags }: Selected): readonly Selected[] {
  const { name, peer } = tags;
  if (metric !== 'http_req_duration' || peer !== 'pf' || name === undefined) return [];
  if (tags['expected_response'] === 'false') return [];
  return [
    { metric: 'step_duration', tags: { ...tags, step: name } },
    ...(POLL_NAMES.includes(name) ? [{ metric: 'poll_duration', tags }] : []),
  ];
}
