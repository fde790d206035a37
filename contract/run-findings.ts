import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { ThresholdResult } from './threshold-expression.ts';

/** A finding for each threshold that failed. */
export function thresholdFindings(results: readonly ThresholdResult[]): Finding[] {
  return results
    .filter(({ ok }) => !ok)
    .map(({ metric, expression, value }) =>
      finding('threshold_failed', { subject: metric, data: { expression, value } }),
    );
}

/**
 * The finding that every completed iteration threw an exception: such a run tested nothing. `firstThrown`: the first
 * exception, if known.
 */
export function iterationFindings(
  { completed, thrown = 0 }: { readonly completed: number; readonly thrown?: number | undefined },
  firstThrown?: string,
): Finding[] {
  if (thrown === 0 || thrown < completed) return [];
  const data = { thrown, ...(firstThrown === undefined ? {} : { message: firstThrown }) };
  return [finding('no_iteration_completed', { data })];
}

/** Which part of the load generator was late. */
export type Delayed = 'event_loop' | 'start_lag' | 'timers';

/** Findings about the load generator's own delays. Dropped iterations are not its fault. */
export function generatorFindings(ownDelay: OwnDelay | null, durationMs: number): Finding[] {
  if (ownDelay === null) return [];
  const { eventLoop, startLag, stalls } = ownDelay;
  const found: Finding[] = [];
  if (stalls !== undefined) {
    const { lostMs, maxMs } = stalls;
    const { stallMaxMs, stallLostShare, stallLostMs } = DELAY_LIMITS;
    // Judged for any length of run, because a stall needs no percentile.
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

/** The finding that part of the load generator was late at p99; none for a run that is too short for a p99. */
export function delayFinding(what: Delayed, p99Ms: number, durationMs: number): Finding[] {
  const limitMs = what === 'event_loop' ? DELAY_LIMITS.eventLoopP99Ms : DELAY_LIMITS.startLagP99Ms;
  if (durationMs < DELAY_LIMITS.shortestMs || p99Ms <= limitMs) return [];
  return [finding('generator_delayed', { data: { what, p99Ms, limitMs } })];
}

/** Resource use and delays of the load generator. */
export interface OwnDelay {
  /** Timer lag caused by the event loop, in milliseconds (p99 of `generator_event_loop_delay`, worst thread). */
  readonly eventLoop: { readonly p99Ms: number; readonly maxMs: number };
  /** Start lag of arrival-rate iterations while a VU was free, in milliseconds; null without such a scenario. */
  readonly startLag: { readonly p99Ms: number; readonly maxMs: number } | null;
  /** CPU time of the process per time of the run: 1 is one core. */
  readonly cpuCores: number;
  /**
   * Pauses for garbage collection: their share of the run's time, and the longest, in milliseconds. `youngMiB`: the
   * limit of each worker thread's young generation, which the engine sizes by the plan; absent without worker threads.
   */
  readonly gc: { readonly share: number; readonly maxMs: number; readonly youngMiB?: number | undefined };
  /**
   * Stalls of the event loop of at least STALL_MS since the first iteration, in milliseconds: sum and longest, of the
   * worst thread. Undefined in older records.
   */
  readonly stalls?: Stalls | undefined;
}

/** Stall time of a thread, in total and at most, in milliseconds. */
export interface Stalls {
  readonly lostMs: number;
  readonly maxMs: number;
}

/** A timer that is this late counts as a stall. */
export const STALL_MS = 250;

/**
 * Beyond these limits a run is invalid. They are wide, because a busy machine delays by tens of milliseconds, and the
 * verdict must not depend on that; half a second at p99 is of the order of the measured latencies. A run shorter than
 * `shortestMs` has too few samples for a p99.
 *
 * A stall can spoil a run without reaching the p99: for a second nothing is started or read, and requests meant to be
 * spread hit the target at once (`stallMaxMs`). Shorter stalls count by their sum: 2 % of the run is twice what a p99
 * hides (`stallLostShare`), and less than a second can happen on any busy machine (`stallLostMs`).
 */
export const DELAY_LIMITS = {
  eventLoopP99Ms: 500,
  startLagP99Ms: 500,
  shortestMs: 2_000,
  stallMaxMs: 1_000,
  stallLostShare: 0.02,
  stallLostMs: 1_000,
} as const;
