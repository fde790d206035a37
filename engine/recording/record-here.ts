import { processUse } from '../generator-health/process-use.ts';
import type { ProcessUse } from '../generator-health/process-use.ts';
import type { TestRun } from '../test-run.ts';
import { Collector } from './collector.ts';
import type { IntervalListener } from './collector.ts';
import { incrementDrainer } from './increments.ts';
import { ticksOf } from './interval-ticks.ts';
import type { IntervalTicks } from './interval-ticks.ts';

/** The recording of a run: its totals, and its intervals if there is a listener. */
export interface Recording {
  /** Receives what other threads recorded. */
  readonly collector: Collector;
  readonly intervalMs: number;
  /** Begins with the run's clock. */
  readonly start: () => void;
  /** Brings the run's totals up to what this thread has recorded by now. */
  readonly collect: () => void;
  /** Emits what is left; does nothing the second time. */
  readonly end: () => void;
  /** CPU time of the process since the start over the time since then. */
  readonly cpuCores: () => number;
}

/** Records a run: at the end of each interval, what this thread's series hold and what other threads have sent. */
export function recordIntervals(test: TestRun, intervalMs: number, listener?: IntervalListener): Recording {
  const collector = new Collector(listener);
  const sources = (
    [
      [test.registry, test.totals],
      [test.generator, test.generatorTotals],
    ] as const
  ).map(([registry, totals]) => ({ source: collector.source(totals), drain: incrementDrainer(registry) }));
  const drainAll = (index: number): void => {
    for (const { source, drain } of sources) source.add(index, drain());
  };
  let use: ProcessUse | undefined;
  let ticks: IntervalTicks | undefined;
  let ended = false;
  const onTick = (index: number, passed: number): void => {
    if (passed === index) use?.record();
    drainAll(index);
    for (const { source } of sources) source.passed(passed);
    // A thread that is late or stuck does not hold up the others.
    collector.emitUpTo(passed - 1);
  };
  const collect = (): void => drainAll(ticks?.open() ?? 0);
  return {
    collector,
    intervalMs,
    collect,
    start() {
      use = processUse(test);
      ticks = ticksOf(test.startedAt, intervalMs, onTick);
    },
    end() {
      if (ended) return;
      ended = true;
      ticks?.stop();
      use?.record();
      collect();
      collector.emitUpTo(Infinity);
    },
    cpuCores: () => use?.cpuCores() ?? 0,
  };
}
