import { splitDistrust } from '../../analysis/distrust.ts';
import { momentOf } from '../quantity.ts';
import type { RunEnd, RunFile, Verdict } from '../../contract/run-record/run-file.ts';
import type { ThresholdRow, VerdictView } from './report-model.ts';

const WORDS: Readonly<Record<Verdict, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  interrupted: 'INTERRUPTED',
  aborted: 'ABORTED',
  invalid: 'INVALID',
  error: 'ERROR',
};

/** What is said of a verdict where the record gives no reason. */
const SENTENCES: Readonly<Record<Verdict, string>> = {
  pass: 'The run finished.',
  fail: 'The script judged the run as failed.',
  interrupted: 'The run was stopped before its end; the figures cover what was done until then.',
  aborted: 'The script aborted the run.',
  invalid: 'The load generator was at fault: the numbers say nothing about the target.',
  error: 'The run could not be played.',
};

/** The verdict of a run and why, in one sentence. `recordedMs`: until when something was recorded, for a run without an end. */
export function verdictView(run: RunFile, thresholds: readonly ThresholdRow[], recordedMs: number): VerdictView {
  if (run.end === null) {
    return {
      verdict: 'killed',
      word: 'INTERRUPTED',
      sentence: `Interrupted at ${momentOf(Date.parse(run.startedAt) + recordedMs)}: the run was killed before it could end; the figures cover what was recorded until then.`,
      exitCode: null,
    };
  }
  const { verdict, exitCode } = run.end;
  return { verdict, word: WORDS[verdict], sentence: sentence(run.end, thresholds), exitCode };
}

function sentence({ verdict, reason }: RunEnd, thresholds: readonly ThresholdRow[]): string {
  const failed = thresholds.filter(({ ok }) => !ok).length;
  const all = thresholds.length;
  // What the host says of thresholds is a list of selectors; they stand below the sentence.
  const [ofThresholds, ofNumbers] = splitDistrust(reason ?? '');
  if (verdict === 'fail' && failed > 0 && /^(\d+ thresholds|threshold) (failed|crossed)|^$/.test(ofThresholds)) {
    const cutShort = ofThresholds.includes('the run was cut short') ? ', and the run was cut short' : '';
    const more = ofNumbers === '' ? '' : ` The numbers cannot be trusted: ${asEnd(ofNumbers)}`;
    return `${failed} of ${all} ${all === 1 ? 'threshold' : 'thresholds'} failed${cutShort}.${more}`;
  }
  if (reason !== undefined && reason.trim() !== '') return asSentence(reason);
  if (verdict === 'pass' && all > 0) {
    const silent = thresholds.filter(({ value }) => value === null).length;
    const judged = all - silent;
    if (judged === 0) return 'No threshold had a sample to judge.';
    const held = judged === 1 ? 'The one threshold' : `All ${judged} thresholds`;
    return silent === 0 ? `${held} held.` : `${held} that had samples held; ${silent} had nothing to judge.`;
  }
  return SENTENCES[verdict];
}

function asSentence(reason: string): string {
  const text = reason.trim();
  return asEnd(`${text.charAt(0).toUpperCase()}${text.slice(1)}`);
}

function asEnd(text: string): string {
  return `${text}${/[.!?]$/.test(text) ? '' : '.'}`;
}
