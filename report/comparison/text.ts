import type { ComparedRun, Comparison, MetricComparison } from '../../analysis/comparison/comparison.ts';
import {
  answerInWords,
  confidenceOf,
  figuresOf,
  restInWords,
  shortName,
  sorted,
  toleranceInWords,
  verdictInWords,
} from './figures.ts';

const WIDTH = 80;
/** Widths of the columns after the name: base, new, change, interval. */
const COLUMNS = [9, 9, 9, 18] as const;
const NAME = WIDTH - 2 - COLUMNS.reduce((sum, width) => sum + width, 0);

/**
 * A comparison as lines of 80 columns for a terminal, with the verdict last, where people look. `all`: also metrics
 * without a difference and not comparable ones. Names come from files: the caller removes control characters.
 */
export function comparisonText(comparison: Comparison, all: boolean): readonly string[] {
  const { worse, better, no_difference_shown: same, not_comparable: not } = sorted(comparison);
  const rest = restInWords(comparison);
  return [
    ...comparison.base.flatMap((run) => runLine('base', run)),
    ...comparison.new.flatMap((run) => runLine('new', run)),
    '',
    ...comparison.findings.flatMap(({ weight, text }) => wrapped(`${weight === 'blocks' ? '✗' : '!'} ${text}`, 2)),
    ...(comparison.findings.length > 0 ? [''] : []),
    ...section('worse', worse),
    ...section('better', better),
    ...(all ? section('no difference shown', same) : []),
    ...(all && not.length > 0
      ? [
          'not comparable',
          ...not.flatMap(({ name, reason }) => wrapped(`  ${shortName(name)}: ${reason ?? ''}`, 4)),
          '',
        ]
      : []),
    ...(rest === '' || all ? [] : wrapped(`${rest}; --all lists them`, 0)),
    ...(comparison.metrics.length === 0
      ? []
      : wrapped(
          `a difference counts beyond ${toleranceInWords(comparison)}; intervals are at ${confidenceOf(comparison)} confidence`,
          0,
        )),
    ...wrapped(`answer: ${answerInWords(comparison)}`, 2),
    ...wrapped(`verdict: ${verdictInWords(comparison)}`, 2),
  ];
}

function runLine(side: string, { folder, fromSeconds, toSeconds, verdict }: ComparedRun): readonly string[] {
  return wrapped(`${side.padEnd(4)}  ${folder} (${verdict}; ${fromSeconds} to ${toSeconds} s)`, 6);
}

function section(title: string, metrics: readonly MetricComparison[]): readonly string[] {
  if (metrics.length === 0) return [];
  return [columns(title, ['base', 'new', 'change', 'interval']), ...metrics.flatMap(rows), ''];
}

function rows(metric: MetricComparison): readonly string[] {
  const cells = figuresOf(metric);
  const label = `  ${shortName(metric.name)}`;
  // A long name gets a line of its own.
  return label.length <= NAME + 2 ? [columns(label, cells)] : [cut(label), columns('', cells)];
}

function columns(label: string, cells: readonly string[]): string {
  return label.padEnd(NAME + 2) + cells.map((cell, at) => cell.padStart(COLUMNS[at]!)).join('');
}

function cut(text: string): string {
  return text.length <= WIDTH ? text : `${text.slice(0, WIDTH - 1)}…`;
}

/** Wraps a sentence; further lines are indented. */
export function wrapped(text: string, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = /^ */.exec(text)![0];
  let empty = true;
  for (const word of text.trim().split(' ')) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
