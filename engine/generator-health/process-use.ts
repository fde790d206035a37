import { performance } from 'node:perf_hooks';
import type { TestRun } from '../test-run.ts';

/** What the whole process uses. */
export interface ProcessUse {
  /** Records it as series of the generator; to be called once in each interval. */
  readonly record: () => void;
  /** CPU time since the start over the time since then: 1 is one core. */
  readonly cpuCores: () => number;
}

/** Begins to measure what the process uses. */
export function processUse(run: TestRun): ProcessUse {
  const first = { cpu: process.cpuUsage(), at: performance.now() };
  let latest = first;
  const coresSince = ({ cpu, at }: typeof first, now: number): number => {
    const { user, system } = process.cpuUsage(cpu);
    return now > at ? (user + system) / 1_000 / (now - at) : 0;
  };
  return {
    record() {
      const at = performance.now();
      if (at > latest.at) run.generatorSeries('generator_cpu_cores').add(coresSince(latest, at));
      latest = { cpu: process.cpuUsage(), at };
      const memory = residentMemory();
      if (memory !== undefined) run.generatorSeries('generator_memory_bytes').add(memory);
      run.generatorSeries('generator_connections').add(run.counts.total('connections'));
    },
    cpuCores: () => coresSince(first, performance.now()),
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
