import type { MetricRow } from './model/metric-rows.ts';
import type { ReportModel } from './model/report-model.ts';

/** Columns in order; a cell is empty if it does not apply to the metric's type. */
const COLUMNS: readonly (readonly [name: string, cell: (row: MetricRow, seconds: number) => string | number | null])[] =
  [
    ['metric', ({ metric }) => metric],
    ['tags', ({ tags }) => tagsText(tags)],
    ['type', ({ type }) => type],
    ['unit', ({ unit }) => unit],
    ['count', ({ type, samples, value }) => (type === 'counter' ? value : samples)],
    ['rate', rateOf],
    ['last', ({ type, value }) => (type === 'gauge' ? value : null)],
    ['min', ({ trend, range }) => trend?.min ?? range?.[0] ?? null],
    ['p50', ({ trend }) => trend?.p50 ?? null],
    ['p95', ({ trend }) => trend?.p95 ?? null],
    ['p99', ({ trend }) => trend?.p99 ?? null],
    ['max', ({ trend, range }) => trend?.max ?? range?.[1] ?? null],
  ];

/**
 * The figures as CSV (RFC 4180): a row for each metric as a whole and for each part of it. `count`: a counter's sum,
 * else the number of samples; `rate`: per second, for rates the share of non-zero samples; `last`: a gauge's value.
 * Text that a spreadsheet would take for a formula is prefixed with an apostrophe (OWASP, "CSV injection").
 */
export function csvReport({ metrics, run }: ReportModel): string {
  const seconds = run.durationMs / 1_000;
  const rows = metrics.map((row) => COLUMNS.map(([, cell]) => cellText(cell(row, seconds))));
  return [COLUMNS.map(([name]) => name), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
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

function cellText(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const text = /^[=+\-@\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
