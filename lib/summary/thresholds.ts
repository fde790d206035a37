import { selector } from '../../contract/selector.ts';
import type { SummaryData } from '../../contract/summary-data.ts';
import { percentage, textTable } from './text-table.ts';

/** In the place of a value where nothing was measured. */
const NOTHING = '–';

/** The measured value that an expression judges, as a person reads it. */
function measured(expression: string, values: Readonly<Record<string, number>>): string {
  const method = /^[a-z]+(\([\d.]+\))?/.exec(expression.trim())?.[0] ?? '';
  const value = values[method];
  if (value === undefined) return '';
  if (values['count'] === 0 && method !== 'count') return NOTHING;
  if (method === 'rate') return percentage(value);
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}

/** Whether a selector names a level (contract/phases.ts) that the run did not come to. */
function isUntried(metric: string, data: SummaryData): boolean {
  const level = /\blevel:(\d\d)/.exec(metric)?.[1];
  return level !== undefined && (data.metrics[selector('flows', { level })]?.values['count'] ?? 0) === 0;
}

interface Row {
  readonly metric: string;
  readonly expression: string;
  readonly ok: boolean;
  readonly value: string;
}

/**
 * One row for the thresholds that hold, ask the same and differ in the step alone, with the greatest of their values: there
 * is one for each of fifteen steps. What failed keeps its row.
 */
function foldSteps(rows: readonly Row[]): Row[] {
  const folded = new Map<string, Row>();
  for (const row of rows) {
    const over = row.metric.replace(/,step:[^,}]+\}$/, '}');
    if (!row.ok || over === row.metric || !row.expression.includes('<')) {
      folded.set(`${row.metric} ${row.expression}`, row);
      continue;
    }
    const metric = `${over}, each step`;
    const before = folded.get(`${metric} ${row.expression}`);
    const most = [row, ...(before === undefined ? [] : [before])]
      .map(({ value }) => value.replace('≤ ', ''))
      .reduce((a, b) => (b !== NOTHING && (a === NOTHING || Number(b) > Number(a)) ? b : a));
    folded.set(`${metric} ${row.expression}`, { ...row, metric, value: most === NOTHING ? NOTHING : `≤ ${most}` });
  }
  return [...folded.values()];
}

/** Every threshold with its verdict and the value that it judged; those that failed first. */
export function thresholdLines(data: SummaryData): string[] {
  const judged = Object.entries(data.metrics).filter(([metric]) => !isUntried(metric, data));
  const rows = judged.flatMap(([metric, { values, thresholds = {} }]) =>
    Object.entries(thresholds).map(([expression, { ok }]) => ({
      metric,
      expression,
      ok,
      value: measured(expression, values),
    })),
  );
  rows.sort((a, b) => Number(a.ok) - Number(b.ok));
  return textTable(
    foldSteps(rows).map(({ metric, expression, ok, value }) => [`${ok ? '✓' : '✗'} ${metric}`, expression, value]),
  );
}
