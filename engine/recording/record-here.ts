import { processUse } from '../generator-health/process-use.ts';
import type { ProcessUse } from '../generator-health/process-use.ts';
import type { TestRun } from '../test-run.ts';
import { Collector } from './collector.ts';
import type { IntervalListener } from './collector.ts';
import { incrementDrainer } from './increments.ts';
import { ticksOf } from './interval-ticks.ts';
import type { IntervalTicks } from './interval-ticks.ts';

/** The recording of a run: totals, and intervals if there is a listener. */
export interface Recording {
  /** Receives what other threads recorded. */
  readonly collector: Collector;
  readonly intervalMs: number;
  /** Starts with the run's clock. */
  readonly start: () => void;
  /** Adds what this thread has recorded so far to the run's totals. */
  readonly collect: () => void;
  /** Emits the rest; no-op when called again. */
  readonly end: () => void;
  /** CPU time of the process divided by time since the start. */
  readonly cpuCores: () => number;
}

/** Records a run: at the end of each interval, emits what this thread's series and other threads recorded. */
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
    // A late or stuck thread must not hold up the others.
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
