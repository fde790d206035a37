import type { History } from '../../analysis/comparison/history.ts';
import { LONGEST_ANSWER, code, prose } from '../markdown-text.ts';
import { counted } from '../quantity.ts';
import { stepInWords } from './figures.ts';
import { changesInWords, endsOf, historyInWords, nameOfRun, namedSteps } from './history-words.ts';

/** A history as Markdown. Names and folders come from files: written as code or escaped. */
export function historyMarkdown(history: History): string {
  const { runs, leftOut, metrics } = history;
  const steps = namedSteps(history);
  const lines = [
    `### Trend over ${counted(runs.length, 'run')}`,
    '',
    `**${prose(historyInWords(history), LONGEST_ANSWER)}**`,
    '',
    ...(steps.length === 0
      ? []
      : [
          '| metric | since | change | also changed there |',
          '|---|---|--:|---|',
          ...steps.map(
            ({ metric, step, run }) =>
              `| ${code(metric.name)} | ${code(nameOfRun(run))} | ${step.way === 'worse' ? '**worse** ' : ''}${stepInWords(step, metric.unit)} | ${run.changes.length === 0 ? '' : prose(changesInWords(run))} |`,
          ),
          '',
        ]),
    '<details><summary>All metrics and runs</summary>',
    '',
    '| metric | first | last |',
    '|---|--:|--:|',
    ...metrics.map((metric) => `| ${code(metric.name)} | ${endsOf(metric).join(' | ')} |`),
    '',
    ...runs.map(
      (run) =>
        `- ${code(nameOfRun(run))} ${prose(run.startedAt)} ${prose(run.verdict)}${run.changes.length === 0 ? '' : `: ${prose(changesInWords(run))}`}`,
    ),
    ...leftOut.map(({ folder, text }) => `- left out: ${code(folder)}: ${prose(text)}`),
    '',
    '</details>',
  ];
  return `${lines.join('\n')}\n`;
}
