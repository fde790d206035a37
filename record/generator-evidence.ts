import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import { DELAY_LIMITS, delayFinding } from '../contract/run-findings.ts';
import { trendStatistic } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { sumOf } from './record-totals.ts';

/** Share of requests that may fail on the load generator: a handful in a night does not invalidate the night. */
const MOST_FAILED_HERE = 0.001;

/** Requests that failed on the load generator, by cause (catalogue/failure-sides.ts). */
export function generatorErrors(totals: SeriesTotals): Finding[] {
  const errors = Object.fromEntries(
    totals
      .breakdown('generator_failed_requests', ['error'])
      .map(({ tags, total }) => [tags['error'] ?? '', sumOf(total)] as const)
      .sort(([, a], [, b]) => b - a),
  );
  const failed = Object.values(errors).reduce((sum, count) => sum + count, 0);
  if (failed === 0) return [];
  const requests = sumOf(totals.select('http_reqs'));
  const found = finding('generator_errors', { data: { failed, requests, errors } });
  return [failed > MOST_FAILED_HERE * requests ? found : { ...found, exit: 0 }];
}

/** Timer lag in k6's samples (`step_lateness`), judged by the limits that the engine's own delays have. */
export function timersLate(totals: SeriesTotals, durationMs: number): Finding[] {
  const total = totals.select('step_lateness');
  if (total === undefined || !('histogram' in total)) return [];
  const maxMs = trendStatistic(total, 'max');
  const stalled =
    maxMs > DELAY_LIMITS.stallMaxMs ? [finding('generator_stalled', { data: { lostMs: maxMs, maxMs } })] : [];
  return [...stalled, ...delayFinding('timers', trendStatistic(total, 'p(99)'), durationMs)];
}
