import { STALL_MS } from '../../contract/run-findings.ts';
import type { Stalls } from '../../contract/run-findings.ts';
import type { TestRun } from '../test-run.ts';
import { PerformanceObserver, performance } from 'node:perf_hooks';

/** How often a thread looks how late its timers are, in milliseconds. */
const LOOK_EVERY_MS = 20;

/**
 * Records, as series of the generator, how late this thread's timers fire and how long its garbage collections take. The
 * returned function ends it, and tells how long the thread stood still since its first iteration began.
 */
export function recordThreadDelay(run: TestRun): () => Stalls {
  const lateness = run.generatorSeries('generator_event_loop_delay');
  const pauses = run.generatorSeries('generator_gc_pause');
  const stalls = { lostMs: 0, maxMs: 0 };
  let due = performance.now() + LOOK_EVERY_MS;
  /** Whatever kept the thread counts: code of a script, garbage collection, the making of VUs, a machine that ran others. */
  const noteStall = (now: number): void => {
    const stallMs = now - Math.max(due, run.firstIterationAt ?? Infinity);
    if (stallMs < STALL_MS) return;
    stalls.lostMs += stallMs;
    stalls.maxMs = Math.max(stalls.maxMs, stallMs);
  };
  const looking = setInterval(() => {
    const now = performance.now();
    lateness.add(Math.max(0, now - due));
    noteStall(now);
    due = now + LOOK_EVERY_MS;
  }, LOOK_EVERY_MS);
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.add(duration);
  });
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    clearInterval(looking);
    collections.disconnect();
    // The last iteration may have ended before its timer could fire.
    noteStall(performance.now());
    return stalls;
  };
}

/** Resident memory in bytes; undefined where it cannot be read: Node opens a file for it, and there may be no descriptor left. */
function residentMemory(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}

/** Records what the whole process uses; to be called once in each interval. */
export function processUse(run: TestRun): () => void {
  let cpu = process.cpuUsage();
  let at = performance.now();
  return () => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(cpu);
    if (now > at) run.generatorSeries('generator_cpu_cores').add((user + system) / 1_000 / (now - at));
    cpu = process.cpuUsage();
    at = now;
    const memory = residentMemory();
    if (memory !== undefined) run.generatorSeries('generator_memory_bytes').add(memory);
    run.generatorSeries('generator_connections').add(run.counts.total('connections'));
  };
}
