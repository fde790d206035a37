import { PerformanceObserver, performance } from 'node:perf_hooks';
import type { TestRun } from '../test-run.ts';

/** How often a thread looks how late its timers are, in milliseconds. */
const LOOK_EVERY_MS = 20;

/**
 * Records, as series of the generator, how late this thread's timers fire and how long its garbage collections take. The
 * returned function ends it.
 */
export function recordThreadDelay(run: TestRun): () => void {
  const lateness = run.generatorSeries('generator_event_loop_delay');
  const pauses = run.generatorSeries('generator_gc_pause');
  let due = performance.now() + LOOK_EVERY_MS;
  const looking = setInterval(() => {
    const now = performance.now();
    lateness.add(Math.max(0, now - due));
    due = now + LOOK_EVERY_MS;
  }, LOOK_EVERY_MS);
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) pauses.add(duration);
  });
  collections.observe({ entryTypes: ['gc'] });
  return () => {
    clearInterval(looking);
    collections.disconnect();
  };
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
    run.generatorSeries('generator_memory_bytes').add(process.memoryUsage.rss());
    run.generatorSeries('generator_connections').add(run.counts.total('connections'));
  };
}
