import { processUse } from '../generator-health/process-use.ts';
import type { ProcessUse } from '../generator-health/process-use.ts';
import type { TestRun } from '../test-run.ts';
import { Collector } from './collector.ts';
import type { IntervalListener } from './collector.ts';
import { incrementTaker } from './increments.ts';
import { ticksOf } from './interval-ticks.ts';
import type { IntervalTicks } from './interval-ticks.ts';

/** The recording of a run: its totals, and its intervals if somebody listens. */
export interface Recording {
  /** Takes what other threads recorded. */
  readonly collector: Collector;
  readonly intervalMs: number;
  /** Begins with the run's clock. */
  readonly start: () => void;
  /** Brings the run's totals up to what this thread has recorded by now. */
  readonly collect: () => void;
  /** Tells what is left; a second time there is nothing. */
  readonly end: () => void;
  /** CPU time of the process since the start over the time since then. */
  readonly cpuCores: () => number;
}

/** Records a run: what this thread's series hold is taken at the end of each interval, and what other threads hand over. */
export function recordIntervals(test: TestRun, intervalMs: number, listener?: IntervalListener): Recording {
  const collector = new Collector(listener);
  const sources = (
    [
      [test.registry, test.totals],
      [test.generator, test.generatorTotals],
    ] as const
  ).map(([registry, totals]) => ({ source: collector.source(totals), take: incrementTaker(registry) }));
  const takeAll = (index: number): void => {
    for (const { source, take } of sources) source.take(index, take());
  };
  let use: ProcessUse | undefined;
  let ticks: IntervalTicks | undefined;
  let ended = false;
  const tell = (index: number, passed: number): void => {
    if (passed === index) use?.record();
    takeAll(index);
    for (const { source } of sources) source.passed(passed);
    // A thread that is late, or does not turn, holds up nobody.
    collector.tellUpTo(passed - 1);
  };
  const collect = (): void => takeAll(ticks?.open() ?? 0);
  return {
    collector,
    intervalMs,
    collect,
    start() {
      use = processUse(test);
      ticks = ticksOf(test.startedAt, intervalMs, tell);
    },
    end() {
      if (ended) return;
      ended = true;
      ticks?.stop();
      use?.record();
      collect();
      collector.tellUpTo(Infinity);
    },
    cpuCores: () => use?.cpuCores() ?? 0,
  };
}
