import type { LabelOf } from '../catalogue/metric-models.ts';
import type { AnyMetric } from '../catalogue/metrics.ts';

/** Values that a label may have; each is a regular expression of Prometheus. */
export type Where<N extends AnyMetric> = Partial<Record<LabelOf<N>, readonly string[]>>;

/** Series of `http_req_duration` that are latencies (contract/selector.ts): of all steps, and of polls. */
export const LATENCIES = { peer: ['pf'], expected_response: ['true'] } as const;
export const POLLS = { name: ['poll'], ...LATENCIES } as const;

/** A label selector: matchers as they are, and one for each label of `where`. */
export function labelSelector(
  matchers: readonly string[],
  where: Partial<Record<string, readonly string[]>> = {},
): string {
  const chosen = Object.entries(where).flatMap(([label, values]) =>
    values === undefined ? [] : [`${label}=~"${values.join('|')}"`],
  );
  return `{${[...matchers, ...chosen].join(',')}}`;
}

/** ` by (…)` of an aggregation; nothing where all is to be one. */
export const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${labels.join(', ')})`);
