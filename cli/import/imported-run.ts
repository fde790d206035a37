import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import type { ExitName } from '../../catalogue/exit-codes.ts';
import { findingWords } from '../../catalogue/finding-words.ts';
import { finding } from '../../catalogue/findings.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { ThresholdDefinition } from '../../contract/threshold-expression.ts';
import { selector } from '../../contract/selector.ts';
import { iterationsOf } from '../../record/record-totals.ts';
import { judge } from '../../record/judge.ts';
import type { KeptFailures } from '../../record/kept-failures.ts';
import { evaluateThresholds } from '../../record/record-thresholds.ts';
import { RUN_VERSION } from '../../record/run-file.ts';
import type { Machine, Rules, RunFile } from '../../record/run-file.ts';
import type { ResilienceRules } from '../../record/analysis-rules.ts';
import { VERSION } from '../package.ts';
import { foundInRecord } from '../record/recorded-search.ts';
import type { ToldBySummary } from './k6-summary.ts';
import type { ReadSamples } from './read-samples.ts';

interface ImportedAs {
  readonly script: string;
  readonly testid: string;
  readonly instance: string;
  readonly intervalMs: number;
  readonly k6Exit: number | undefined;
  /** How faults are judged, if the samples have any. */
  readonly resilience: ResilienceRules;
}

/** Builds run.json from the samples. Throws a ConfigurationError for an invalid threshold. */
export function importedRun(
  samples: ReadSamples,
  summary: ToldBySummary | undefined,
  failures: KeptFailures,
  rules: Rules,
  { script, testid, instance, intervalMs, k6Exit, resilience }: ImportedAs,
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
  const told: readonly Finding[] = [
    ...(cut ? [finding('samples_cut')] : []),
    // To k6, the regular end of a capacity search is a failed threshold.
    ...(search !== undefined && k6Exit === EXIT_CODES.thresholds_failed.code ? [] : k6Ending(k6Exit)),
  ];
  const end = { durationMs, iterations: iterationsOf(totals), thresholds: results, ownDelay: null, simulator: null };
  const judgement = judge({ run: { script, host: 'k6', settings: {} }, totals, end, told, rules, search });
  const reason = findingWords(judgement.findings);
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
    ...(totals.select('fault_edge_ms') === undefined ? {} : { resilience }),
    machines: [machine],
    end: {
      endedAt: new Date(startMs + durationMs).toISOString(),
      ...judgement,
      causes: failures.causes,
      rules,
      ...(reason === '' ? {} : { reason }),
      ...end,
      failures: failures.counts,
    },
  };
}

function withoutTwins(thresholds: readonly ThresholdDefinition[]): readonly ThresholdDefinition[] {
  return [...new Map(thresholds.map((one) => [`${one.metric} ${one.expression}`, one])).values()];
}

/** Codes for runs that never started. If there are samples nevertheless, the fault came later. */
const STARTLESS: readonly ExitName[] = ['invalid_configuration', 'internal_error'];

/** The finding for k6's exit code. Failed thresholds (99) are judged from the samples instead. */
function k6Ending(code: number | undefined): readonly Finding[] {
  if (code === undefined || code === 0) return [];
  const known = (Object.keys(EXIT_CODES) as ExitName[]).find((name) => EXIT_CODES[name].code === code);
  const exit = known === undefined || STARTLESS.includes(known) ? 'script_exception' : known;
  return [{ ...finding('host_exit', { data: { code } }), exit: EXIT_CODES[exit].code }];
}
