import { METRIC_MODELS } from '../catalogue/metric-models.ts';
import type { MetricType } from '../catalogue/metrics.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { judgeThreshold, parseExpression, parseSelector, resolveSelector } from '../contract/threshold-expression.ts';
import type { ThresholdDefinition, ThresholdResult } from '../contract/threshold-expression.ts';

/**
 * Evaluates thresholds over a whole record by the same rule as a run (judgeThreshold). The type of a metric without
 * samples comes from the metric catalogue, else from `told` (k6's `Metric` lines, say), else from the method of the
 * expression. `durationMs` is the length of the run. Throws a ConfigurationError for an invalid threshold.
 */
export function evaluateThresholds(
  totals: SeriesTotals,
  thresholds: readonly ThresholdDefinition[],
  durationMs: number,
  told: ReadonlyMap<string, MetricType> = new Map(),
): readonly ThresholdResult[] {
  const types = new Map(totals.metrics().map(({ metric, type }) => [metric, type]));
  return thresholds.map(({ metric: selector, expression: text }) => {
    const { metric } = parseSelector(selector);
    const type = types.get(metric) ?? told.get(metric) ?? METRIC_MODELS.get(metric)?.type ?? typeByMethod(text);
    const expression = parseExpression(text, selector, type);
    const judged = judgeThreshold(expression, type, totals.select(selector), durationMs / 1_000);
    return { metric: selector, expression: text, ...judged };
  });
}

/** The type implied by the method. `rate` fits two types, which makes no difference without samples. */
function typeByMethod(text: string): MetricType {
  const method = /^[a-z]+/i.exec(text.trim())?.[0] ?? '';
  if (method === 'count') return 'counter';
  if (method === 'rate') return 'rate';
  return method === 'value' ? 'gauge' : 'trend';
}

/** Metrics that only some users touch: pushes, pairings, steps that no flow may reach. */
const OF_SOME_USERS: readonly string[] = [
  ...['poll_error_rate', 'polls_per_flow', 'decision_lag'],
  ...['pairing_duration', 'pairing_error_rate', 'phase_duration', 'phase_failed', 'phase_mismatch'],
];

/**
 * Whether a threshold of our scenarios may lack samples: it is about users that a run need not have, the device side,
 * or a level that the search did not reach. `reached`: whether a selector has samples.
 */
export function mayBeSilent(selector: string, reached: (selector: string) => boolean): boolean {
  const { metric, tags } = resolveSelector(selector, () => false);
  const { level, peer, name } = tags;
  return (
    OF_SOME_USERS.includes(metric) ||
    (metric === 'http_req_duration' && peer === 'pf' && name !== undefined) ||
    peer === 'device' ||
    (level !== undefined && !reached(`flows{level:${level}}`))
  );
}
