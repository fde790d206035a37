import { sentenceOf } from '../../catalogue/finding-words.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { RecordFold } from '../../record/record-fold.ts';

/** What a reader should know before trusting this report. */
export function notes(run: RunFile, fold: RecordFold, lacking: readonly Finding[]): readonly string[] {
  const list = lacking.map((one) => {
    const words = sentenceOf(one);
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}; the figures cover the rest.`;
  });
  if (fold.lastInterval < 0) {
    list.push('The record has no time series, so charts over time are left out.');
  }
  if (fold.lastInterval >= 0 && fold.totals.metrics().every(({ type }) => type !== 'trend')) {
    list.push('The record has counts but no durations: latencies are left out.');
  }
  if (run.end === null) {
    list.push('The run was killed: at most the last interval is missing, and flows in progress count as interrupted.');
  }
  if (run.machines.length > 1) {
    list.push(`The load came from ${run.machines.length} machines; their counts and histograms are merged exactly.`);
  }
  if (run.simulated)
    list.push('The target was Pairstorm’s own simulator: its latencies say nothing about PingFederate.');
  else if (run.pairstorm === '') {
    list.push(
      'The record is from a version that did not record the target: it may have been Pairstorm’s own simulator, whose latencies say nothing about PingFederate.',
    );
  }
  return list;
}
