import { selector } from '../../contract/selector.ts';
import type { SummaryData } from '../../contract/summary-data.ts';
import { milliseconds, percentage } from './text-table.ts';

/** Columns of phaseRow. */
export const PHASE_HEAD = ['', 'requests/s', 'med', 'p95', 'max', 'errors', 'not as prescribed'];

/** How the target did in a part of the run: its requests' rate, latency and errors, and how flows ended in it. */
export function phaseRow(
  data: SummaryData,
  name: string,
  durationMs: number,
  tags: Readonly<Record<string, string>>,
): string[] {
  const values = (metric: string, more: Record<string, string>): Readonly<Record<string, number>> =>
    data.metrics[selector(metric, { ...more, ...tags })]?.values ?? {};
  const duration = values('http_req_duration', { peer: 'pf' });
  return [
    name,
    ((values('http_reqs', { peer: 'pf' })['count'] ?? 0) / (durationMs / 1000)).toFixed(1),
    ...['med', 'p(95)', 'max'].map((stat) => milliseconds(duration[stat] ?? 0)),
    percentage(values('http_req_failed', { peer: 'pf' })['rate'] ?? 0),
    percentage(values('outcome_mismatch', {})['rate'] ?? 0),
  ];
}
