import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { ThresholdResult } from './threshold-expression.ts';
import { DELAY_LIMITS } from './own-delay.ts';
import type { OwnDelay } from './own-delay.ts';

/** A finding for each threshold that failed. */
export function thresholdFindings(results: readonly ThresholdResult[]): Finding[] {
  return results
    .filter(({ ok }) => !ok)
    .map(({ metric, expression, value }) =>
      finding('threshold_failed', { subject: metric, data: { expression, value } }),
    );
}

/**
 * The finding that every iteration that ended threw an exception: such a run has tested nothing. `firstThrown`: the first
 * exception, where it is known.
 */
export function iterationFindings(
  { completed, thrown = 0 }: { readonly completed: number; readonly thrown?: number | undefined },
  firstThrown?: string,
): Finding[] {
  if (thrown === 0 || thrown < completed) return [];
  const data = { thrown, ...(firstThrown === undefined ? {} : { message: firstThrown }) };
  return [finding('no_iteration_completed', { data })];
}

/** What of the load generator was late. */
export type Delayed = 'event_loop' | 'start_lag' | 'timers';

/** The load generator's own faults, as far as its lateness tells of them. Dropped iterations are no fault of it. */
export function generatorFindings(ownDelay: OwnDelay | null, durationMs: number): Finding[] {
  if (ownDelay === null) return [];
  const { eventLoop, startLag, stalls } = ownDelay;
  const found: Finding[] = [];
  if (stalls !== undefined) {
    const { lostMs, maxMs } = stalls;
    const { stallMaxMs, stallLostShare, stallLostMs } = DELAY_LIMITS;
    // Judged whatever the length of the run: no percentile is needed to see that it stood still.
    if (maxMs > stallMaxMs || (lostMs > stallLostMs && lostMs > stallLostShare * durationMs)) {
      found.push(finding('generator_stalled', { data: { lostMs, maxMs } }));
    }
  }
  found.push(
    ...delayFinding('event_loop', eventLoop.p99Ms, durationMs),
    ...(startLag === null ? [] : delayFinding('start_lag', startLag.p99Ms, durationMs)),
  );
  return found;
}

/** The finding that something of the load generator was late at p99, if it was; none of a run that is too short for a p99. */
export function delayFinding(what: Delayed, p99Ms: number, durationMs: number): Finding[] {
  const limitMs = what === 'event_loop' ? DELAY_LIMITS.eventLoopP99Ms : DELAY_LIMITS.startLagP99Ms;
  if (durationMs < DELAY_LIMITS.shortestMs || p99Ms <= limitMs) return [];
  return [finding('generator_delayed', { data: { what, p99Ms, limitMs } })];
}
