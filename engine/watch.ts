import { iterationCounts } from './live-counts.ts';
import type { Progress } from './live-counts.ts';
import type { Recording } from './recording/record-here.ts';
import type { TestRun } from './test-run.ts';
import { aborting, evaluate } from './metrics/thresholds.ts';
import type { Threshold, RunThresholds } from './metrics/thresholds.ts';

/**
 * Period of the `vus` samples (the first after one, also during setup, none at the end: k6-contract.md section 13) and of threshold
 * evaluations (section 5), in milliseconds.
 */
const VUS_PERIOD_MS = 1_000;
const THRESHOLDS_PERIOD_MS = 2_000;

/** Periodic work of a run, outside its iterations. */
interface Watch {
  readonly stop: () => void;
}

/** Starts the periodic work: VU gauges, `abortOnFail` thresholds, progress. */
export function watchRun(
  run: TestRun,
  { collect }: Pick<Recording, 'collect'>,
  thresholds: RunThresholds,
  totalMs: number | undefined,
  abort: (crossed: readonly Threshold[]) => void,
  onProgress: { readonly call: (progress: Progress) => void; readonly everyMs: number } | undefined,
): Watch {
  const sampleVus = (): void => {
    run.bareScope.series(run.registry.builtIn('vus')).add(run.counts.total('active'));
    run.bareScope.series(run.registry.builtIn('vus_max')).add(run.counts.total('initialised'));
  };
  const report = (): void => {
    if (onProgress === undefined) return;
    collect();
    onProgress.call({
      elapsedMs: run.elapsedMs(),
      totalMs,
      vus: run.counts.total('active'),
      vusMax: run.counts.total('initialised'),
      iterations: iterationCounts(run.counts),
      metrics: run.totals,
    });
  };
  const judge = (): void => {
    if (!thresholds.all.some(({ abortOnFail }) => abortOnFail)) return;
    const elapsedMs = run.elapsedMs();
    collect();
    evaluate(thresholds.all, run.totals, elapsedMs);
    const crossed = aborting(thresholds.all, run.totals, elapsedMs);
    if (crossed.length > 0) abort(crossed);
  };
  const timers = [setInterval(sampleVus, VUS_PERIOD_MS), setInterval(judge, THRESHOLDS_PERIOD_MS)];
  if (onProgress !== undefined) timers.push(setInterval(report, onProgress.everyMs));
  return {
    stop() {
      for (const timer of timers) clearInterval(timer);
      report();
    },
  };
}
