import { csvText } from './csv-text.ts';
import type { Columns } from './csv-text.ts';
import type { MetricRow } from './model/metric-rows.ts';
import type { ReportModel } from './model/report-model.ts';

/** Columns in order; a cell is empty if it does not apply to the metric's type. `seconds`: length of the run. */
const columnsOf = (seconds: number): Columns<MetricRow> => [
  ['metric', ({ metric }) => metric],
  ['tags', ({ tags }) => tagsText(tags)],
  ['type', ({ type }) => type],
  ['unit', ({ unit }) => unit],
  ['count', ({ type, samples, value }) => (type === 'counter' ? value : samples)],
  ['rate', (row) => rateOf(row, seconds)],
  ['last', ({ type, value }) => (type === 'gauge' ? value : null)],
  ['min', ({ trend, range }) => trend?.min ?? range?.[0] ?? null],
  ['p50', ({ trend }) => trend?.p50 ?? null],
  ['p95', ({ trend }) => trend?.p95 ?? null],
  ['p99', ({ trend }) => trend?.p99 ?? null],
  ['max', ({ trend, range }) => trend?.max ?? range?.[1] ?? null],
];

/**
 * The figures as CSV: a row for each metric as a whole and for each part of it. `count`: a counter's sum, else the
 * number of samples; `rate`: per second, for rates the share of non-zero samples; `last`: a gauge's value.
 */
export function csvReport({ metrics, run }: ReportModel): string {
  return csvText(columnsOf(run.durationMs / 1_000), metrics);
}

function rateOf({ type, samples, value }: MetricRow, seconds: number): number | null {
  if (type === 'rate') return value;
  if (type === 'gauge' || seconds <= 0) return null;
  return (type === 'counter' ? (value ?? 0) : samples) / seconds;
}

/** `kind:F1 outcome:denied`. */
function tagsText(tags: MetricRow['tags']): string {
  return Object.entries(tags)
    .map(([name, value]) => `${name}:${value}`)
    .join(' ');
}
