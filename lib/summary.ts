import type { SummaryData } from '../contract/summary-data.ts';
import { outcomeLines } from './summary/outcomes.ts';
import { pairingLines, pollingLines, stepLines } from './summary/paths.ts';
import { thresholdLines } from './summary/thresholds.ts';

/** A title and the lines below it. */
export type Section = readonly [string, readonly string[]];

/**
 * The end-of-test summary, the same on both hosts: outcomes by flow kind, the pairing path, the polling path, the other
 * steps, thresholds; before them what the scenario is about (`headline`). Plain text of at most 100 columns.
 */
export function summary(name: string, data: SummaryData, headline?: Section): string {
  const seconds = (data.state.testRunDurationMs / 1000).toFixed(1);
  const failed = Object.values(data.metrics).some(({ thresholds = {} }) =>
    Object.values(thresholds).some(({ ok }) => !ok),
  );
  const sections: readonly Section[] = [
    ...(headline === undefined ? [] : [headline]),
    ['OUTCOMES BY FLOW KIND', outcomeLines(data)],
    ['PAIRING PATH', pairingLines(data)],
    ['POLLING PATH', pollingLines(data)],
    ['OTHER STEPS', stepLines(data)],
    [`THRESHOLDS: ${failed ? 'FAILED' : 'passed'}`, thresholdLines(data)],
  ];
  const text = sections.flatMap(([title, lines]) => ['', `  ${title}`, ...lines]);
  return ['', `  Pairstorm ${name}, ${seconds} s`, ...text, '', ''].join('\n');
}
