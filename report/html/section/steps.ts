import type { StepRow } from '../../model/report-model.ts';
import type { TrendSummary } from '../../model/trend-summary.ts';
import { NOTHING, quantity } from '../../quantity.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { table } from '../table.ts';
import type { TableColumn } from '../table.ts';

/** Column heads for a trend in milliseconds. */
export const LATENCY_HEADS: readonly TableColumn[] = ['p50', 'p95', 'p99', 'Longest'].map((head) => ({
  head,
  number: true,
}));

/** Cells for LATENCY_HEADS. */
export function latencyCells({ count, p50, p95, p99, max }: TrendSummary): readonly string[] {
  return [p50, p95, p99, max].map((value) => (count === 0 ? NOTHING : quantity(value, 'ms')));
}

/** A count of failures with its share; marked unless it is 0. */
export function failedCell(failed: number, of: number): Content {
  if (failed === 0) return '0';
  return markup`<span class="not">${quantity(failed, 'count')} (${quantity(failed / Math.max(1, of), 'share')})</span>`;
}

/** Requests, errors and latency by step. */
export function stepTable(caption: string, rows: readonly StepRow[], head = 'Step'): Markup {
  return table({
    caption,
    columns: [{ head }, { head: 'Requests', number: true }, { head: 'Errors', number: true }, ...LATENCY_HEADS],
    rows: rows.map(({ name, requests, failed, duration }) => [
      markup`<code>${name}</code>`,
      quantity(requests, 'count'),
      failedCell(failed, requests),
      ...latencyCells(duration),
    ]),
    empty: 'No requests were made.',
  });
}
