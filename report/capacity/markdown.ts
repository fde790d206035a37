import { shows } from '../../analysis/capacity/answer.ts';
import { code, prose } from '../markdown-text.ts';
import { counted, lengthOfTime, quantity } from '../quantity.ts';
import type { AnswerFile } from './answer-file.ts';
import { headline, planRows } from './plan-rows.ts';
import { coresWords, knowsCpu, number, shareWords, verdictWord } from './text.ts';

/** The answer for a comment on a pull request. */
export function answerMarkdown(answer: AnswerFile): string {
  const { levels, objective, atLeast } = answer;
  const plan = planRows(answer);
  const cpu = knowsCpu(levels);
  const [first, ...others] = answer.sentences;
  const gate =
    atLeast === null
      ? []
      : ['', `**At least ${number(atLeast)}/s: ${shows(answer, atLeast) ? 'shown' : 'not shown'}.**`];
  return [
    `## Capacity: ${headline(answer)}`,
    '',
    prose(first!),
    ...gate,
    ...(plan === null
      ? []
      : [
          '',
          '| an hour | estimate | error | safe to promise |',
          '| :-- | --: | --- | --: |',
          ...plan.map(({ what, value, between, promise: said }) => `| ${what} | **${value}** | ${between} | ${said} |`),
        ]),
    '',
    ...others.map((sentence) => `- ${prose(sentence)}`),
    '',
    `<details><summary>${counted(levels.length, 'level')} in ${lengthOfTime(answer.seconds * 1_000)}</summary>`,
    '',
    `| rate | for | looked at | requests/s | p50 | p95 |${cpu ? ' CPU |' : ''} over the limit | |`,
    `| --: | --- | --: | --: | --: | --: |${cpu ? ' --: |' : ''} --: | --- |`,
    ...levels.map(
      (level) =>
        `| ${number(level.rate)}/s | ${level.purpose} | ${Math.round(level.lookedSeconds)} s | ${level.figures === null ? '–' : number(level.figures.requestsPerSecond)} ` +
        `| ${quantity(level.figures?.p50Ms ?? null, 'ms')} | ${quantity(level.figures?.p95Ms ?? null, 'ms')} |${cpu ? ` ${coresWords(level)} |` : ''} ${shareWords(level, objective)} | ${verdictWord(level)}${level.why === '' ? '' : ` ${code(level.why)}`} |`,
    ),
    '',
    '</details>',
    '',
  ].join('\n');
}
