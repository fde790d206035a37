import type { LabelOf } from '../catalogue/metric-models.ts';
import type { AnyMetric } from '../catalogue/metrics.ts';

/** Allowed label values; each is a Prometheus regular expression. */
export type Where<N extends AnyMetric> = Partial<Record<LabelOf<N>, readonly string[]>>;

/** Series of `http_req_duration` that are latencies (contract/selector.ts): of all steps, of polls. */
export const LATENCIES = { peer: ['pf'], expected_response: ['true'] } as const;
export const POLLS = { name: ['poll'], ...LATENCIES } as const;

/** A label selector: the given matchers, and one per label of `where`. */
export function labelSelector(
  matchers: readonly string[],
  where: Partial<Record<string, readonly string[]>> = {},
): string {
  const chosen = Object.entries(where).flatMap(([label, values]) =>
    values === undefined ? [] : [`${label}=~"${values.join('|')}"`],
  );
  return `{${[...matchers, ...chosen].join(',')}}`;
}

/** ` by (…)` of an aggregation; empty to combine everything. */
export const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${labels.join(', ')})`);
