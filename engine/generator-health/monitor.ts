import { PerformanceObserver, performance } from 'node:perf_hooks';
import { Histogram } from '../../contract/histogram.ts';
import { STALL_MS } from '../../contract/run-findings.ts';
import type { OwnDelay } from '../../contract/run-findings.ts';
import type { TestRun } from '../test-run.ts';

/** How often a thread looks how late its timers are, in milliseconds. */
const LOOK_EVERY_MS = 20;

/** How late one thread was, how long it stood still, and its pauses for garbage collection. */
export type ThreadHealth = Pick<OwnDelay, 'eventLoop' | 'gc' | 'stalls'>;

/** A thread that played nothing. */
const IDLE: ThreadHealth = { eventLoop: { p99Ms: 0, maxMs: 0 }, gc: { share: 0, maxMs: 0 } };

/**
 * Watches the thread that it is called in: how late its timers fire, how long its garbage collections take. One measurement
 * feeds the generator's series, which the page shows, and the figures that the verdict is made of, which the returned
 * function gives when it ends.
 */
export function monitorThread(run: Pick<TestRun, 'generatorSeries' | 'firstIterationAt'>): () => ThreadHealth {
  const lateness = run.generatorSeries('generator_event_loop_delay');
  const pauses = run.generatorSeries('generator_gc_pause');
  const delays = new Histogram();
  const gc = { totalMs: 0, maxMs: 0 };
  const stalls = { lostMs: 0, maxMs: 0 };
  const startedAt = performance.now();
  let due = startedAt + LOOK_EVERY_MS;
  /** Whatever kept the thread counts: code of a script, garbage collection, the making of VUs, a machine that ran others. */
  const look = (): void => {
    const now = performance.now();
    const lateMs = Math.max(0, now - due);
    lateness.add(lateMs);
    delays.record(lateMs);
    const stallMs = now - Math.max(due, run.firstIterationAt ?? Infinity);
    if (stallMs >= STALL_MS) {
      stalls.lostMs += stallMs;
      stalls.maxMs = Math.max(stalls.maxMs, stallMs);
    }
    due = now + LOOK_EVERY_MS;
  };
  const looking = setInterval(look, LOOK_EVERY_MS);
  const note = (collected: readonly { readonly duration: number }[]): void => {
    for (const { duration } of collected) {
      pauses.add(duration);
      gc.totalMs += duration;
      gc.maxMs = Math.max(gc.maxMs, duration);
    }
  };
  const collections = new PerformanceObserver((list) => note(list.getEntries()));
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    clearInterval(looking);
    // The last iteration may have ended before its timer could fire.
    if (performance.now() >= due) look();
    note(collections.takeRecords());
    collections.disconnect();
    return {
      eventLoop: delays.count === 0 ? IDLE.eventLoop : { p99Ms: delays.percentile(99), maxMs: delays.max },
      gc: { share: gc.totalMs / Math.max(1, performance.now() - startedAt), maxMs: gc.maxMs },
      stalls,
    };
  };
}

/** The health of a run that was played in several threads: that of the worst of them, because its VUs felt it. */
export function worstOf(threads: readonly ThreadHealth[]): ThreadHealth {
  if (threads.length === 0) return IDLE;
  const most = (of: (thread: ThreadHealth) => number): number => Math.max(...threads.map(of));
  return {
    eventLoop: { p99Ms: most(({ eventLoop }) => eventLoop.p99Ms), maxMs: most(({ eventLoop }) => eventLoop.maxMs) },
    gc: { share: most(({ gc }) => gc.share), maxMs: most(({ gc }) => gc.maxMs) },
    stalls: { lostMs: most(({ stalls }) => stalls?.lostMs ?? 0), maxMs: most(({ stalls }) => stalls?.maxMs ?? 0) },
  };
}
