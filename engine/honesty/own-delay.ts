import { PerformanceObserver, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Histogram } from '../../contract/histogram.ts';
import { DELAY_LIMITS } from '../../contract/run-record/own-delay.ts';
import type { OwnDelay } from '../../contract/run-record/own-delay.ts';

const RESOLUTION_MS = 10;
const NS_PER_MS = 1e6;

/** Starts to measure; the returned function ends it. */
export function measureOwnDelay(): (startLag: Histogram, durationMs: number) => OwnDelay {
  const loop = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const cpu = process.cpuUsage();
  loop.enable();
  const gc = { totalMs: 0, maxMs: 0 };
  const note = (pauses: readonly { readonly duration: number }[]): void => {
    for (const { duration } of pauses) {
      gc.totalMs += duration;
      if (duration > gc.maxMs) gc.maxMs = duration;
    }
  };
  const collections = new PerformanceObserver((list) => note(list.getEntries()));
  collections.observe({ entryTypes: ['gc'] });
  return (startLag, durationMs) => {
    loop.disable();
    note(collections.takeRecords());
    collections.disconnect();
    const { user, system } = process.cpuUsage(cpu);
    // The monitor's figures contain its own period.
    const delayMs = (ns: number): number => Math.max(0, ns / NS_PER_MS - RESOLUTION_MS);
    return {
      eventLoop: { p99Ms: delayMs(loop.percentile(99)), maxMs: delayMs(loop.max) },
      startLag: startLag.count === 0 ? null : { p99Ms: startLag.percentile(99), maxMs: startLag.max },
      cpuCores: durationMs > 0 ? (user + system) / 1_000 / durationMs : 0,
      gc: { share: durationMs > 0 ? gc.totalMs / durationMs : 0, maxMs: gc.maxMs },
    };
  };
}

/** Why the generator was at fault, in one sentence; `undefined` if it was not. Dropped iterations are no fault of it. */
export function faultOf({ eventLoop, startLag }: OwnDelay, durationMs: number): string | undefined {
  if (durationMs < DELAY_LIMITS.shortestMs) return undefined;
  if (eventLoop.p99Ms > DELAY_LIMITS.eventLoopP99Ms) {
    return tooSlow('its event loop was blocked', eventLoop.p99Ms, DELAY_LIMITS.eventLoopP99Ms);
  }
  if (startLag !== null && startLag.p99Ms > DELAY_LIMITS.startLagP99Ms) {
    return tooSlow('iterations started late though a VU was free', startLag.p99Ms, DELAY_LIMITS.startLagP99Ms);
  }
  return undefined;
}

/** The sentence of a run that is invalid: what was late, its 99th percentile and the limit. */
export function tooSlow(what: string, p99Ms: number, limitMs: number): string {
  return `the load generator was too slow: ${what}, by ${Math.round(p99Ms)} ms at p99 (limit ${limitMs} ms), so the numbers say nothing about the target`;
}

/**
 * The delay of a run that was played in several threads: that of the worst of them, because its VUs felt it. CPU is the
 * whole process's, start lag that of all threads; both are in the first one's.
 */
export function worstOf(whole: OwnDelay, threads: readonly OwnDelay[]): OwnDelay {
  if (threads.length === 0) return whole;
  const worst = threads.reduce((a, b) => (b.eventLoop.p99Ms > a.eventLoop.p99Ms ? b : a));
  return {
    ...whole,
    eventLoop: {
      p99Ms: worst.eventLoop.p99Ms,
      maxMs: Math.max(...threads.map(({ eventLoop }) => eventLoop.maxMs)),
    },
    gc: {
      share: Math.max(...threads.map(({ gc }) => gc.share)),
      maxMs: Math.max(...threads.map(({ gc }) => gc.maxMs)),
    },
  };
}
