import { DELAY_LIMITS } from '../../contract/run-findings.ts';
import type { RecordFold } from '../../record/record-fold.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { GeneratorRow, GeneratorView } from './generator-model.ts';
import { largestOverTime, trendOverTime, trendSummary } from './trend-summary.ts';
import type { TrendSummary } from './trend-summary.ts';

/** Health of the load generator: as judged at the end, and as measured over time. */
export function generatorView(fold: RecordFold, run: RunFile): GeneratorView {
  const { totals } = fold;
  const ownDelay = run.end?.ownDelay ?? null;
  const eventLoop = trendSummary(totals.select('generator_event_loop_delay'));
  const startLag = trendSummary(totals.select('generator_start_lag'));
  return {
    ownDelay,
    judged: [
      ...row('Event loop blocked', ownDelay?.eventLoop ?? measured(eventLoop), DELAY_LIMITS.eventLoopP99Ms),
      ...row('Iterations started late', ownDelay?.startLag ?? measured(startLag), DELAY_LIMITS.startLagP99Ms),
    ],
    eventLoop,
    startLag,
    gcPause: trendSummary(totals.select('generator_gc_pause')),
    stepLateness: trendSummary(totals.select('step_lateness')),
    eventLoopOverTime: trendOverTime(fold.track('eventLoop')),
    startLagOverTime: trendOverTime(fold.track('startLag')),
    cpuCores: largestOverTime(fold.track('cpuCores')),
    memoryBytes: largestOverTime(fold.track('memoryBytes')),
    connections: largestOverTime(fold.track('connections')),
  };
}

interface Lateness {
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Values from the series, for a run without an end. */
function measured({ count, p99, max }: TrendSummary): Lateness | null {
  return count === 0 ? null : { p99Ms: p99, maxMs: max };
}

function row(what: string, lateness: Lateness | null, limitMs: number): GeneratorRow[] {
  return lateness === null ? [] : [{ what, ...lateness, limitMs, ok: lateness.p99Ms <= limitMs }];
}
