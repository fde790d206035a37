import type { Histogram } from '../../contract/histogram.ts';
import type { OwnDelay } from '../../contract/run-findings.ts';
import { PerformanceObserver, monitorEventLoopDelay } from 'node:perf_hooks';

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
    stalls: {
      lostMs: Math.max(...threads.map(({ stalls }) => stalls?.lostMs ?? 0)),
      maxMs: Math.max(...threads.map(({ stalls }) => stalls?.maxMs ?? 0)),
    },
  };
}
