import { sentenceOf } from '../../catalogue/finding-words.ts';
import type { Finding } from '../../catalogue/findings.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { RecordFold } from '../../record/record-fold.ts';

/** What a reader should know of this record before trusting its tables. */
export function notes(run: RunFile, fold: RecordFold, lacking: readonly Finding[]): readonly string[] {
  const list = lacking.map((one) => {
    const words = sentenceOf(one);
    return `${words.charAt(0).toUpperCase()}${words.slice(1)}; the figures are those of the rest.`;
  });
  if (fold.lastInterval < 0) {
    list.push('Nothing was recorded over time: the record has no series, so all that needs them is left out.');
  }
  if (fold.lastInterval >= 0 && fold.totals.metrics().every(({ type }) => type !== 'trend')) {
    list.push('The record holds counts and no durations: latencies are left out.');
  }
  if (run.end === null) {
    list.push('The run was killed: at most the last interval is missing, and flows under way count as interrupted.');
  }
  if (run.machines.length > 1) {
    list.push(`The load came from ${run.machines.length} machines; their counts and histograms are merged exactly.`);
  }
  if (run.simulated) list.push('The target was Pairstorm’s own simulator: its times say nothing about a PingFederate.');
  else if (run.pairstorm === '') {
    list.push(
      'The record is of a version that did not write down its target: it may have been Pairstorm’s own simulator, whose times say nothing about a PingFederate.',
    );
  }
  return list;
}
