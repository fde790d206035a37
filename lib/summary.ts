import type { Figures } from '../contract/figures.ts';
import { outcomeLines } from './summary/outcomes.ts';
import { pairingLines, pollingLines, stepLines } from './summary/paths.ts';
import { thresholdCounts, thresholdLines } from './summary/thresholds.ts';

/** A title and the lines below it. */
export type Section = readonly [string, readonly string[]];

/** Optional parts of a summary. */
interface SummaryExtras {
  /** The scenario's own section; it comes first. */
  readonly headline?: Section | undefined;
  /** Whether a capacity search ended by this selector. */
  readonly ended?: ((metric: string) => boolean) | undefined;
  /** Lines at the end. */
  readonly closing?: readonly string[];
}

/**
 * The end-of-test summary, the same on both hosts: outcomes by flow kind, pairing path, polling path, other steps,
 * thresholds. Figures without a verdict, as plain text of at most 100 columns.
 */
export function summary(name: string, figures: Figures, { headline, ended, closing = [] }: SummaryExtras = {}): string {
  const seconds = (figures.durationMs / 1000).toFixed(1);
  const sections: readonly Section[] = [
    ...(headline === undefined ? [] : [headline]),
    ['OUTCOMES BY FLOW KIND', outcomeLines(figures)],
    ['PAIRING PATH', pairingLines(figures)],
    ['POLLING PATH', pollingLines(figures)],
    ['OTHER STEPS', stepLines(figures)],
    [`THRESHOLDS: ${thresholdCounts(figures, ended)}`, thresholdLines(figures, ended)],
  ];
  const text = sections.flatMap(([title, lines]) => ['', `  ${title}`, ...lines]);
  return ['', `  Pairstorm ${name}, ${seconds} s`, ...text, ...closing, '', ''].join('\n');
}
