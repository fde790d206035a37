import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import { withoutAlias } from '../../contract/selector.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { thresholdParts } from '../../contract/threshold-expression.ts';
import type { ThresholdResult } from '../../contract/threshold-expression.ts';
import { evaluateThresholds } from '../../record/record-thresholds.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { Unit } from '../quantity.ts';
import type { ThresholdRow } from './report-model.ts';

interface MetricShape {
  readonly type: MetricType;
  readonly contains: Contains;
}

/**
 * All thresholds with value, limit and margin, as judged by the run or, if it was killed, evaluated on what was
 * recorded. Invalid thresholds (records may come from anywhere) are then left out.
 */
export function thresholdRows(run: RunFile, totals: SeriesTotals, durationMs: number): readonly ThresholdRow[] {
  const shapes = new Map<string, MetricShape>(totals.metrics().map(({ metric, ...shape }) => [metric, shape]));
  const results = run.end?.thresholds ?? run.thresholds.flatMap((one) => standing(totals, one, durationMs));
  const rows = results.map((result) => {
    const metric = result.metric.replace(/\{.*$/s, '');
    return thresholdRow(result, shapes.get(metric) ?? shapes.get(withoutAlias({ metric, tags: {} }).metric));
  });
  return rows.sort((a, b) => rank(a) - rank(b) || (a.margin ?? 2) - (b.margin ?? 2));
}

function standing(
  totals: SeriesTotals,
  threshold: RunFile['thresholds'][number],
  durationMs: number,
): readonly ThresholdResult[] {
  try {
    return evaluateThresholds(totals, [threshold], durationMs);
  } catch {
    return [];
  }
}

function rank({ ok, value }: ThresholdRow): number {
  if (!ok) return 0;
  return value === null ? 2 : 1;
}

function thresholdRow(
  { metric, expression, value, ok }: ThresholdResult,
  shape: MetricShape | undefined,
): ThresholdRow {
  const { stat = '', operator = '', limit = null } = thresholdParts(expression) ?? {};
  return {
    metric,
    expression,
    ok,
    value,
    limit,
    unit: unitOf(stat, shape),
    margin: marginOf(operator, value, limit),
  };
}

/** Unit of a statistic's value. */
function unitOf(stat: string, shape: MetricShape | undefined): Unit {
  if (stat === 'count') return 'count';
  if (stat === 'rate') return shape?.type === 'counter' ? 'perSecond' : 'share';
  if (shape?.contains === 'data') return 'bytes';
  return shape?.contains === 'time' ? 'ms' : 'plain';
}

function marginOf(operator: string, value: number | null, limit: number | null): number | null {
  if (value === null || limit === null || limit === 0) return null;
  if (operator.startsWith('<')) return (limit - value) / Math.abs(limit);
  if (operator.startsWith('>')) return (value - limit) / Math.abs(limit);
  return null;
}
