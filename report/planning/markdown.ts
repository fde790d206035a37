import { LONGEST_ANSWER, code, prose } from '../markdown-text.ts';
import { headline } from './headline.ts';
import type { PlanFile } from './plan-file.ts';
import { planColumns } from './rows.ts';

/** The plan for a ticket or a pull request. */
export function planMarkdown(plan: PlanFile): string {
  const columns = planColumns(plan);
  const [first, ...others] = plan.sentences.map((sentence) => prose(sentence, LONGEST_ANSWER));
  const list = (sentences: readonly string[]): string[] =>
    sentences.map((sentence) => `- ${prose(sentence, LONGEST_ANSWER)}`);
  return [
    ...[`## Plan: ${headline(plan)}`, '', first!, ''],
    ...[...others.map((sentence) => `- ${sentence}`), ...list(plan.doubts), ''],
    `| ${columns.map(({ head }) => head).join(' | ')} |`,
    `| ${columns.map(({ head }) => (head === 'basis' || head === '' ? '---' : '--:')).join(' | ')} |`,
    ...plan.rows.map((row) => `| ${columns.map(({ cell }) => cell(row)).join(' | ')} |`),
    ...['', '<details><summary>Assumptions</summary>', '', ...list(plan.assumptions), ''],
    ...['From:', ''],
    ...plan.answers.map(({ folder, nodes }) => `- ${code(folder)}, nodes: ${nodes}`),
    ...['', '</details>', ''],
  ].join('\n');
}
