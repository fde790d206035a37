import type { SampleTap } from '../metrics/metric.ts';
import { MetricRegistry } from '../metrics/registry.ts';
import { processUse } from '../honesty/own-series.ts';
import type { TestRun } from '../test-run.ts';
import { incrementTaker } from './increments.ts';
import { IntervalRecorder } from './interval-recorder.ts';
import type { IntervalListener } from './interval-recorder.ts';
import { ticksOf } from './interval-ticks.ts';
import type { IntervalTicks } from './interval-ticks.ts';

/** The recording of a run in intervals. */
export interface Recording {
  /** Takes what other threads recorded. */
  readonly recorder: IntervalRecorder;
  readonly intervalMs: number;
  /** Begins with the run's clock. */
  readonly start: () => void;
  /** Tells what is left; a second time there is nothing. */
  readonly end: () => void;
}

/**
 * Records a run in intervals: every sample of this thread, and what other threads hand over. To be made before there is a
 * sample. This thread's samples are counted a second time, because its series hold the whole run.
 */
export function recordIntervals(test: TestRun, intervalMs: number, listener: IntervalListener): Recording {
  const recorder = new IntervalRecorder(listener);
  const source = recorder.source();
  const here = new MetricRegistry(test.log.warning, {});
  const tap: SampleTap = ({ name, type, contains }, tags) => {
    const metric = here.define(name, type, contains);
    if (typeof metric === 'string') throw new Error(metric);
    const series = metric.seriesFor(tags);
    return (value) => series.add(value);
  };
  test.registry.hear(tap);
  test.generator.hear(tap);
  const take = incrementTaker(here);
  let useProcess = (): void => undefined;
  const tell = (index: number, passed: number): void => {
    if (passed === index) useProcess();
    source.take(index, take());
    source.passed(passed);
    // A thread that is late, or does not turn, holds up nobody.
    recorder.tellUpTo(passed - 1);
  };
  let ticks: IntervalTicks | undefined;
  let ended = false;
  return {
    recorder,
    intervalMs,
    start() {
      useProcess = processUse(test);
      ticks = ticksOf(test.startedAt, intervalMs, tell);
    },
    end() {
      if (ended) return;
      ended = true;
      ticks?.stop();
      useProcess();
      source.take(ticks?.open() ?? 0, take());
      recorder.tellUpTo(Infinity);
    },
  };
}
