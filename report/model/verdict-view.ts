import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { factOf, sentenceOf } from '../../catalogue/finding-words.ts';
import { kindOfFinding } from '../../catalogue/findings.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { Verdict } from '../../catalogue/verdict.ts';
import type { RunEnd, RunFile } from '../../record/run-file.ts';
import { counted, momentOf } from '../quantity.ts';
import type { CauseView, ThresholdRow, VerdictView } from './report-model.ts';

/** Words of a verdict that nobody doubts (doubts.ts has the others). */
const WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  interrupted: 'INTERRUPTED',
  aborted: 'ABORTED',
  invalid: 'INVALID',
  error: 'ERROR',
};

/** Findings that may be many; they are combined into one sentence with their number. */
const OF_THRESHOLDS: readonly string[] = ['threshold_failed', 'threshold_cut_short'];

/** Already shown with the invariants. */
const OF_INVARIANTS: readonly string[] = ['flows_lost', 'records_disagree', 'faults_unequal'];
/** Already in the sentence of a passed run. */
const OF_PASS: readonly string[] = ['capacity_found', 'recorded_reason'];

/** Verdict and reason. `recordedMs`: end of the recording, for a run without an end. */
export function verdictView(
  run: RunFile,
  thresholds: readonly ThresholdRow[],
  recordedMs: number,
  causes: readonly CauseView[],
): VerdictView {
  if (run.end === null) {
    return {
      verdict: 'killed',
      word: 'INTERRUPTED',
      sentence: `Recorded until ${momentOf(Date.parse(run.startedAt) + recordedMs)}.`,
      remedy: '',
      exitCode: null,
      causes,
      doubts: [],
      judged: true,
      remarks: [],
    };
  }
  const { verdict, exitCode, findings } = run.end;
  const deciding = findings.filter(({ exit }) => exit === exitCode && exit !== EXIT_CODES.pass.code);
  return {
    verdict,
    word: WORDS[verdict],
    sentence: sentence(run.end, deciding, thresholds),
    remedy: remedyOf(deciding),
    exitCode,
    causes,
    doubts: [],
    judged: true,
    remarks: remarksOf(findings, exitCode),
  };
}

function sentence(end: RunEnd, deciding: readonly Finding[], thresholds: readonly ThresholdRow[]): string {
  if (deciding.length === 0) return passed(end, thresholds);
  const others = deciding.filter(({ code }) => !OF_THRESHOLDS.includes(code)).map((one) => asSentence(factOf(one)));
  const ofThresholds = deciding.length > others.length ? [failedThresholds(deciding, thresholds)] : [];
  return [...others, ...ofThresholds].join(' ');
}

/** Without names: the failed thresholds are listed below the sentence. */
function failedThresholds(deciding: readonly Finding[], thresholds: readonly ThresholdRow[]): string {
  const failed = deciding.filter(({ code }) => code === 'threshold_failed').length;
  const cutShort = deciding.some(({ code }) => code === 'threshold_cut_short');
  if (failed === 0) return 'A threshold was crossed, and the run was aborted.';
  return `${failedCount(failed, thresholds)}${cutShort ? ', and the run was aborted' : ''}.`;
}

/** How many thresholds failed: the one count of them, whoever says it. */
export function failedCount(failed: number, thresholds: readonly ThresholdRow[]): string {
  return `${failed} of ${counted(thresholds.length, 'threshold')} failed`;
}

/** That all thresholds held that could; without an end. */
export function heldWords(thresholds: readonly ThresholdRow[]): string {
  const silent = thresholds.filter(({ value }) => value === null).length;
  const judged = thresholds.length - silent;
  const held = judged === 1 ? 'the only threshold' : judged === 2 ? 'both thresholds' : `all ${judged} thresholds`;
  return silent === 0 ? `${held} held` : `${held} that had samples held; ${silent} had no samples`;
}

function passed({ findings }: RunEnd, thresholds: readonly ThresholdRow[]): string {
  const found = findings.find(({ code }) => code === 'capacity_found' || code === 'recorded_reason');
  if (found !== undefined) return asSentence(sentenceOf(found));
  if (thresholds.length === 0) return 'The run finished; it has no thresholds.';
  if (thresholds.every(({ value }) => value === null)) return 'No threshold had a sample to judge.';
  return asSentence(heldWords(thresholds));
}

/** Remedy of the deciding finding; for failed thresholds the causes have it. */
function remedyOf(deciding: readonly Finding[]): string {
  const first = deciding.find(({ code }) => !OF_THRESHOLDS.includes(code));
  return first === undefined ? '' : (kindOfFinding(first.code)?.remedy ?? '');
}

/** Other findings, without those on thresholds, which are counted elsewhere, and those that are doubts (doubts.ts). */
function remarksOf(findings: readonly Finding[], exitCode: number): readonly string[] {
  return findings
    .filter((one) => (one.exit !== exitCode || one.exit === EXIT_CODES.pass.code) && !wasAllowed(one))
    .filter(({ code }) => ![...OF_THRESHOLDS, ...OF_INVARIANTS, ...OF_PASS, 'not_judged'].includes(code))
    .map((one) => asSentence(sentenceOf(one)));
}

/** Whether the load generator was at fault, and `--allow-invalid` let it pass. */
export function wasAllowed({ code, exit }: Finding): boolean {
  return exit === EXIT_CODES.pass.code && kindOfFinding(code)?.exit === 'invalid';
}

/** Words with a capital first letter and an end. */
export function asSentence(words: string): string {
  const text = words.trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;
}
