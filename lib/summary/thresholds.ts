import type { Figures, ShownThreshold } from '../../contract/figures.ts';
import { selector } from '../../contract/selector.ts';
import { NO_FIGURE, milliseconds, percentage, textTable } from './text-table.ts';

/** A row of the table: one threshold, or several that hold and have the same expression for each step or kind. */
interface Row extends ShownThreshold {
  /** Whether it is of a Rate, whose `rate` is a share; a Counter's `rate` is per second. */
  readonly share: boolean;
  /** If folded: relation of the other values to the worst, which is shown. */
  readonly bound: '' | '≤ ' | '≥ ';
}

/** Whether a selector names a level (catalogue/phases.ts) that the run did not reach. */
function isUntried(metric: string, { values }: Figures): boolean {
  const level = /\blevel:(\d\d)/.exec(metric)?.[1];
  return level !== undefined && (values(selector('flows', { level }))?.['count'] ?? 0) === 0;
}

/** A step's latency by its alias, which is shorter and accepted as well. */
function inShort(metric: string): string {
  const [, step, more = ''] =
    /^http_req_duration\{expected_response:true,name:([^,}]+),peer:pf(?:,(.*))?\}$/.exec(metric) ?? [];
  return step === undefined ? metric : `step_duration{${more === '' ? '' : `${more},`}step:${step}}`;
}

/** Tags over which our scenarios repeat the same threshold. */
const FOLDED = ['step', 'kind'] as const;

/**
 * Folds thresholds that hold and differ only in one tag into one row with the worst value, because there is one for
 * each of fifteen steps or kinds. Failed thresholds keep their own rows.
 */
function fold(rows: readonly Omit<Row, 'bound'>[]): Row[] {
  const folded = new Map<string, Row>();
  for (const row of rows) {
    const tag = FOLDED.find((name) => row.metric.includes(`${name}:`));
    const sign = row.expression.includes('<') ? '≤ ' : row.expression.includes('>') ? '≥ ' : '';
    if (!row.ok || tag === undefined || sign === '') {
      folded.set(`${row.metric} ${row.expression}`, { ...row, bound: '' });
      continue;
    }
    const over = row.metric.replace(new RegExp(`,?${tag}:[^,}]+`), '').replace('{}', '');
    const metric = `${over}, each ${tag}`;
    const key = `${metric} ${row.expression}`;
    const known = folded.get(key)?.value ?? null;
    const values = [row.value, known].filter((value) => value !== null);
    const worst = values.length === 0 ? null : sign === '≤ ' ? Math.max(...values) : Math.min(...values);
    folded.set(key, { ...row, metric, value: worst, bound: sign });
  }
  return [...folded.values()];
}

function valueOf({ metric, value, expression, bound, share }: Row): string {
  if (value === null) return 'no sample';
  const rate = expression.trim().startsWith('rate');
  if (rate && share) return bound + percentage(value);
  if (/_duration\b|_lag\b/.test(metric) && /^\s*[pam]/.test(expression)) return bound + milliseconds(value);
  return `${bound}${Number.isInteger(value) ? value : value.toFixed(2)}${rate ? '/s' : ''}`;
}

/**
 * Every threshold with its value, failed ones first, those without a sample marked. `ended`: whether a capacity search
 * ended by this selector, which is its result and not a failure.
 */
export function thresholdLines(figures: Figures, ended: (metric: string) => boolean = () => false): string[] {
  const rows = figures.thresholds
    .filter(({ metric }) => !isUntried(metric, figures))
    .map((row) => ({ ...row, metric: inShort(row.metric), share: 'passes' in (figures.values(row.metric) ?? {}) }));
  const mark = ({ ok, value, metric }: ShownThreshold): string => {
    if (!ok) return ended(metric) ? '■' : '✗';
    return value === null ? NO_FIGURE : '✓';
  };
  const order = '✗■✓–';
  const sorted = fold(rows).sort((a, b) => order.indexOf(mark(a)) - order.indexOf(mark(b)));
  return textTable(sorted.map((row) => [`${mark(row)} ${row.metric}`, row.expression, valueOf(row)]));
}

/** Number of thresholds that failed, held, and had no samples. */
export function thresholdCounts(figures: Figures, ended: (metric: string) => boolean = () => false): string {
  const rows = figures.thresholds.filter(({ metric }) => !isUntried(metric, figures));
  const over = rows.filter(({ ok, metric }) => !ok && ended(metric)).length;
  const failed = rows.filter(({ ok }) => !ok).length - over;
  const silent = rows.filter(({ ok, value }) => ok && value === null).length;
  return [
    `${failed} failed`,
    ...(over === 0 ? [] : [`${over} ended the search`]),
    `${rows.length - failed - over - silent} held`,
    ...(silent === 0 ? [] : [`${silent} without samples`]),
  ].join(', ');
}
