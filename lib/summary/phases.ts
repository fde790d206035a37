import type { Figures, Values } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';
import { ANSWERED } from '../thresholds.ts';
import { NO_FIGURE, milliseconds, percentage } from './text-table.ts';

/** Columns of phaseRow. */
export const PHASE_HEAD = ['', 'requests/s', 'med', 'p95', 'max', 'errors', 'unexpected'];

/** A part of the run as a row: request rate, latency, errors and unexpected outcomes. */
export function phaseRow(
  figures: Figures,
  name: string,
  durationMs: number,
  tags: Readonly<Record<string, string>>,
): string[] {
  const values = (metric: string, more: Record<string, string>): Values | undefined =>
    figures.values(selector(metric, { ...more, ...tags }));
  const duration = values('http_req_duration', ANSWERED);
  const share = (rate: Values | undefined): string => (rate === undefined ? NO_FIGURE : percentage(rate['rate'] ?? 0));
  return [
    name,
    ((values('http_reqs', { peer: 'pf' })?.['count'] ?? 0) / (durationMs / 1000)).toFixed(1),
    ...['med', 'p(95)', 'max'].map((stat) => (duration === undefined ? NO_FIGURE : milliseconds(duration[stat] ?? 0))),
    share(values('http_req_failed', { peer: 'pf' })),
    share(values('outcome_mismatch', {})),
  ];
}
