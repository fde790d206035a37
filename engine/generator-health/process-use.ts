import { performance } from 'node:perf_hooks';
import type { TestRun } from '../test-run.ts';

/** Resource use of the whole process. */
export interface ProcessUse {
  /** Records it as generator series; call once per interval. */
  readonly record: () => void;
  /** CPU time divided by time since the start: 1 is one core. */
  readonly cpuCores: () => number;
}

/** Starts measuring. */
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

/** Resident memory in bytes; undefined if Node has no descriptor left to read it. */
function residentMemory(): number | undefined {
  try {
    return process.memoryUsage.rss();
  } catch {
    return undefined;
  }
}
