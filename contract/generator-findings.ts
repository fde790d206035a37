import { finding } from './findings.ts';
import type { Finding } from './findings.ts';
import { DELAY_LIMITS } from './run-record/own-delay.ts';
import type { OwnDelay } from './run-record/own-delay.ts';

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
