import { evaluateThresholds } from '../../analysis/record-thresholds.ts';
import { EXIT_CODES } from '../../contract/exit-codes.ts';
import { RUN_VERSION } from '../../contract/run-record/run-file.ts';
import type { FailureCounts, Machine, RunFile, ThresholdDefinition } from '../../contract/run-record/run-file.ts';
import { selector } from '../../contract/selector.ts';
import type { Finding } from '../../engine/result.ts';
import { VERSION } from '../package.ts';
import { iterationsOf, verdictOf } from '../record/record-verdict.ts';
import { foundInRecord } from '../record/recorded-search.ts';
import { generatorFault, k6Ending } from './generator-fault.ts';
import type { ToldBySummary } from './k6-summary.ts';
import type { ReadSamples } from './read-samples.ts';

/** What the command line says of the run. */
export interface ImportedAs {
  readonly script: string;
  readonly testid: string;
  readonly instance: string;
  readonly intervalMs: number;
  readonly k6Exit: number | undefined;
}

/** run.json of samples that were read. Throws a ConfigurationError for a threshold that is none. */
export function importedRun(
  samples: ReadSamples,
  summary: ToldBySummary | undefined,
  failures: FailureCounts,
  { script, testid, instance, intervalMs, k6Exit }: ImportedAs,
): RunFile {
  const { totals, startMs, endMs, cut, types } = samples;
  const durationMs = summary?.durationMs ?? Math.max(0, endMs - startMs);
  const thresholds = withoutTwins([...samples.thresholds, ...(summary?.thresholds ?? [])]);
  const results = evaluateThresholds(totals, thresholds, durationMs, types);
  const search = foundInRecord(results, {
    reached: (level) => totals.select(selector('flows', { level })) !== undefined,
    durationMs,
    levels: undefined,
  });
  const found: readonly (Finding | undefined)[] = [
    cut
      ? { exit: 'interrupted', reason: 'the samples end in mid-line: k6 was killed, or its disk was full' }
      : undefined,
    // The end of a search is a failed threshold to k6.
    search !== undefined && k6Exit === EXIT_CODES.thresholds_failed.code ? undefined : k6Ending(k6Exit),
    generatorFault(totals, durationMs),
  ];
  const machine: Machine = { instance, cpus: 0, runtime: '', platform: '' };
  return {
    record: 'pairstorm-run',
    version: RUN_VERSION,
    testid,
    pairstorm: VERSION,
    host: 'k6',
    script,
    startedAt: new Date(startMs).toISOString(),
    intervalMs,
    target: null,
    simulated: false,
    seed: null,
    inventory: null,
    settings: {},
    scenarios: [],
    thresholds,
    machines: [machine],
    end: {
      endedAt: new Date(startMs + durationMs).toISOString(),
      durationMs,
      ...verdictOf(results, found, search),
      iterations: iterationsOf(totals),
      thresholds: results,
      ownDelay: null,
      simulator: null,
      failures,
    },
  };
}

function withoutTwins(thresholds: readonly ThresholdDefinition[]): readonly ThresholdDefinition[] {
  return [...new Map(thresholds.map((one) => [`${one.metric} ${one.expression}`, one])).values()];
}
