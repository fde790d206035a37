import type { Comparison, MetricComparison } from '../../analysis/comparison/comparison.ts';
import { LONGEST_ANSWER, code, prose } from '../markdown-text.ts';
import {
  answerInWords,
  confidenceOf,
  figuresOf,
  restInWords,
  sorted,
  toleranceInWords,
  verdictInWords,
} from './figures.ts';

/** A comparison as Markdown for a pull request. Names and folders come from files: written as code or escaped. */
export function comparisonMarkdown(comparison: Comparison): string {
  const { worse, better, no_difference_shown: same, not_comparable: not } = sorted(comparison);
  const called = [...worse, ...better];
  const rest = restInWords(comparison);
  const lines = [
    `### Comparison: ${verdictInWords(comparison)}`,
    '',
    `**${prose(answerInWords(comparison), LONGEST_ANSWER)}**`,
    '',
    ...(called.length === 0 ? [] : [...HEAD, ...called.map(row), '']),
    ...comparison.findings.map(({ weight, text }) => `- ${weight === 'blocks' ? '❌' : '⚠️'} ${prose(text)}`),
    ...(comparison.findings.length > 0 ? [''] : []),
    ...(comparison.changes.length === 0
      ? []
      : folded('What else changed', [
          '| | base | new |',
          '|---|---|---|',
          ...comparison.changes.map((one) => `| ${prose(one.what)} | ${prose(one.base)} | ${prose(one.new)} |`),
        ])),
    ...(rest === '' ? [] : [`${capital(rest)}.`, '']),
    ...(same.length === 0 ? [] : folded('No difference shown', [...HEAD, ...same.map(row)])),
    ...(not.length === 0
      ? []
      : folded(
          'Not comparable',
          not.map(({ name, reason }) => `- ${code(name)}: ${prose(reason ?? '')}`),
        )),
    `Base ${folders(comparison.base)}, new ${folders(comparison.new)}. A difference counts beyond ${toleranceInWords(comparison)}; ` +
      `intervals are at ${confidenceOf(comparison)} confidence.`,
  ];
  return `${lines.join('\n')}\n`;
}

const HEAD = ['| metric | base | new | change | interval | |', '|---|--:|--:|--:|--:|---|'] as const;

const MARKS: Readonly<Record<MetricComparison['verdict'], string>> = {
  worse: '**worse**',
  better: 'better',
  no_difference_shown: '',
  not_comparable: '',
};

function row(metric: MetricComparison): string {
  const { name, verdict } = metric;
  return `| ${code(name)} | ${figuresOf(metric).join(' | ')} | ${MARKS[verdict]} |`;
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  return [`<details><summary>${title}</summary>`, '', ...lines, '', '</details>', ''];
}

function folders(runs: Comparison['base']): string {
  return runs.map(({ folder }) => code(folder)).join(', ');
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
