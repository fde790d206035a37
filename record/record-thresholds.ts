import { METRIC_MODELS } from '../catalogue/metric-models.ts';
import type { MetricType } from '../catalogue/metrics.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { judgeThreshold, parseExpression, parseSelector, resolveSelector } from '../contract/threshold-expression.ts';
import type { ThresholdDefinition, ThresholdResult } from '../contract/threshold-expression.ts';

/**
 * Evaluates thresholds over a whole record, by the rule of a run (judgeThreshold). The type of a metric that has no sample at all is known by
 * its name, where it is k6's or ours, else from `told` (what a `Metric` line said, say), else it is taken for a counter if the
 * expression asks for `count`. `durationMs` is the length of the run. Throws a ConfigurationError for a threshold that is none.
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

/** The type that the method of an expression belongs to; `rate` fits two, of which no sample says nothing. */
function typeByMethod(text: string): MetricType {
  const method = /^[a-z]+/i.exec(text.trim())?.[0] ?? '';
  if (method === 'count') return 'counter';
  if (method === 'rate') return 'rate';
  return method === 'value' ? 'gauge' : 'trend';
}

/** Metrics of ours that only some users touch: pushes, pairings, a step that nobody's flow came to. */
const OF_SOME_USERS: readonly string[] = [
  ...['poll_error_rate', 'polls_per_flow', 'decision_lag'],
  ...['pairing_duration', 'pairing_error_rate', 'phase_duration', 'phase_failed', 'phase_mismatch'],
];

/**
 * Whether a threshold of our scenarios may have nothing to judge: it is about users that the run need not have, about the device
 * side, or about a level that the search did not come to. `reached`: whether a selector has samples.
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
