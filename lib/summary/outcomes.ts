import { TAG_VALUES } from '../../catalogue/tag-values.ts';
import { outcomeTable } from '../../contract/figures.ts';
import type { Figures } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';
import { FLOW_KINDS } from '../../protocol/flow-kinds.ts';
import type { FlowKind } from '../../protocol/flow-kinds.ts';
import { textTable } from './text-table.ts';

/** Flows by kind and outcome, with interrupted flows and unanswered starts apart. */
export function outcomeLines(figures: Figures): string[] {
  const { outcomes, flows, interrupted, unanswered } = outcomeTable(figures);
  const rows = (Object.keys(FLOW_KINDS) as FlowKind[]).flatMap((kind) => {
    const found = Object.entries(outcomes[kind] ?? {});
    if (found.length === 0) return [];
    const total = found.reduce((sum, [, n]) => sum + n, 0);
    const list = found.map(([outcome, n]) => (found.length === 1 ? outcome : `${outcome} ${n}`));
    return [{ head: [`${kind.padEnd(3)} ${FLOW_KINDS[kind].title}`, String(total)], list }];
  });
  const heads = textTable(rows.map(({ head }) => head));
  const lines = rows.flatMap(({ list }, at) => wrap(`${heads[at]!}  `, list, 80));
  const ended = flows - interrupted;
  const law = `    flows started ${flows} = ended ${ended} + interrupted ${interrupted}; starts without an answer ${unanswered}`;
  return [...lines, law, ...pathLines(figures)];
}

/** Flows that left their path, and what users without an expected outcome were asked for; empty if there are none. */
function pathLines({ values }: Figures): string[] {
  const count = (metric: string): number => values(metric)?.['count'] ?? 0;
  const off = count('off_path');
  const found = TAG_VALUES.found.flatMap((path) => {
    const n = count(selector('paths_found', { found: path }));
    return n === 0 ? [] : [`${path} ${n}`];
  });
  return [
    ...(off === 0 ? [] : [`    off the path of their kind: ${off}`]),
    ...(found.length === 0 ? [] : wrap('    outcomes without an expected one: ', found, 80)),
  ];
}

/** A head followed by a list, wrapped below itself at a width. */
function wrap(head: string, list: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = head;
  list.forEach((item, at) => {
    const text = at === list.length - 1 ? item : `${item}, `;
    if (line.length + text.trimEnd().length > width && line.trim() !== '') {
      lines.push(line.trimEnd());
      line = ' '.repeat(head.length);
    }
    line += text;
  });
  return [...lines, line];
}
