import { PerformanceObserver, performance } from 'node:perf_hooks';
import { resourceLimits } from 'node:worker_threads';
import { Histogram } from '../../contract/histogram.ts';
import { STALL_MS } from '../../contract/run-findings.ts';
import type { OwnDelay } from '../../contract/run-findings.ts';
import type { TestRun } from '../test-run.ts';

/** How often a thread checks its timer lag, in milliseconds. */
const LOOK_EVERY_MS = 20;

/** Event-loop delay, garbage collection and stalls of one thread. */
export type ThreadHealth = Pick<OwnDelay, 'eventLoop' | 'gc' | 'stalls'>;

/** Health of a thread that played nothing. */
const IDLE: ThreadHealth = { eventLoop: { p99Ms: 0, maxMs: 0 }, gc: { share: 0, maxMs: 0 } };

/**
 * Monitors the calling thread: event-loop delay and garbage collection. One measurement feeds both the generator's
 * series and the figures for the verdict, which the returned function gives when it stops.
 */
export function monitorThread(run: Pick<TestRun, 'generatorSeries' | 'firstIterationAt'>): () => ThreadHealth {
  const lateness = run.generatorSeries('generator_event_loop_delay');
  const pauses = run.generatorSeries('generator_gc_pause');
  const delays = new Histogram();
  const gc = { totalMs: 0, maxMs: 0 };
  const stalls = { lostMs: 0, maxMs: 0 };
  const startedAt = performance.now();
  let due = startedAt + LOOK_EVERY_MS;
  /** Counts whatever blocked the thread: script code, garbage collection, creation of VUs, a busy machine. */
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
    // The last iteration may have blocked until the end.
    if (performance.now() >= due) look();
    note(collections.takeRecords());
    collections.disconnect();
    return {
      eventLoop: delays.count === 0 ? IDLE.eventLoop : { p99Ms: delays.percentile(99), maxMs: delays.max },
      gc: {
        share: gc.totalMs / Math.max(1, performance.now() - startedAt),
        maxMs: gc.maxMs,
        // The main thread's is not known.
        ...(resourceLimits.maxYoungGenerationSizeMb === undefined
          ? {}
          : { youngMiB: resourceLimits.maxYoungGenerationSizeMb }),
      },
      stalls,
    };
  };
}

/** Health of a run in several threads: the worst of each figure, because that thread's VUs were affected. */
export function worstOf(threads: readonly ThreadHealth[]): ThreadHealth {
  if (threads.length === 0) return IDLE;
  const most = (of: (thread: ThreadHealth) => number): number => Math.max(...threads.map(of));
  return {
    eventLoop: { p99Ms: most(({ eventLoop }) => eventLoop.p99Ms), maxMs: most(({ eventLoop }) => eventLoop.maxMs) },
    // The limit of the young generation is the same in all threads.
    gc: { ...threads[0]!.gc, share: most(({ gc }) => gc.share), maxMs: most(({ gc }) => gc.maxMs) },
    stalls: { lostMs: most(({ stalls }) => stalls?.lostMs ?? 0), maxMs: most(({ stalls }) => stalls?.maxMs ?? 0) },
  };
}
