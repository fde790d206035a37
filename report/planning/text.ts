import type { PlanFile } from './plan-file.ts';
import { planColumns } from './rows.ts';

/** The columns of text; all others are numbers, and stand to the right. */
const TEXT = ['basis', ''];

/** The table of nodes for a terminal of 80 columns. */
function nodesTable(plan: PlanFile): string[] {
  const columns = planColumns(plan);
  const cells = [columns.map(({ head }) => head), ...plan.rows.map((row) => columns.map(({ cell }) => cell(row)))];
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  return cells.map((row) =>
    `  ${row.map((cell, at) => (TEXT.includes(columns[at]!.head) ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ')}`.trimEnd(),
  );
}

/** The plan for a terminal. */
export function planText(plan: PlanFile): string[] {
  return [
    ...['', ...plan.sentences, ...plan.doubts],
    ...['', ...nodesTable(plan)],
    ...['', 'Assumptions:', ...plan.assumptions.map((assumption) => `- ${assumption}`), ''],
  ];
}
