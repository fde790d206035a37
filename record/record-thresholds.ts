import type { ThresholdDefinition, ThresholdResult } from '../contract/threshold-expression.ts';
import { METRIC_MODELS } from '../catalogue/metric-models.ts';
import type { MetricType } from '../catalogue/metrics.ts';
import { judgeThreshold, parseExpression } from '../contract/threshold-expression.ts';
import { parseSelector } from '../contract/threshold-selector.ts';
import type { RecordTotals } from './record-totals.ts';

/**
 * Evaluates thresholds over a whole record, by the rule of a run (judgeThreshold). The type of a metric that has no sample at all is known by
 * its name, where it is k6's or ours, else from `told` (what a `Metric` line said, say), else it is taken for a counter if the
 * expression asks for `count`. `durationMs` is the length of the run. Throws a ConfigurationError for a threshold that is none.
 */
export function evaluateThresholds(
  totals: RecordTotals,
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
