import type { SummaryData } from '../../contract/summary-data.ts';
import { percentage, textTable } from './text-table.ts';

/** The measured value that an expression judges, as a person reads it. */
function measured(expression: string, values: Readonly<Record<string, number>>): string {
  const method = /^[a-z]+(\([\d.]+\))?/.exec(expression.trim())?.[0] ?? '';
  const value = values[method];
  if (value === undefined) return '';
  if (method === 'rate') return percentage(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** Every threshold with its verdict and the value that it judged; those that failed first. */
export function thresholdLines(data: SummaryData): string[] {
  const rows = Object.entries(data.metrics).flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => ({
      metric,
      expression,
      ok,
      value: measured(expression, values),
    })),
  );
  rows.sort((a, b) => Number(a.ok) - Number(b.ok));
  return textTable(rows.map(({ metric, expression, ok, value }) => [`${ok ? '✓' : '✗'} ${metric}`, expression, value]));
}
