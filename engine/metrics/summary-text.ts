import { printDuration } from '../../contract/duration.ts';
import type { SummaryData, SummaryMetric } from '../../contract/figures.ts';

/** Phases of a request; `compact` omits them (k6-contract.md 4.4). */
const PHASES = /^http_req_(blocked|connecting|tls_handshaking|sending|waiting|receiving)$/;

/** Shown instead of a value. */
const NO_SAMPLE = 'no sample';

/** Length of each `summaryTimeUnit` in milliseconds. */
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, ms: 1, us: 0.001 };

/**
 * The end-of-test text for scripts without handleSummary: thresholds, then one line per metric. Names in `empty` had no
 * samples, whatever their values say.
 */
export function summaryText(data: SummaryData, mode: 'compact' | 'full', empty: ReadonlySet<string>): string {
  const names = Object.keys(data.metrics)
    .filter((name) => mode === 'full' || !PHASES.test(name) || data.metrics[name]!.thresholds !== undefined)
    .sort();
  const width = Math.max(0, ...names.map((name) => labelOf(name).length)) + 3;
  const lines = names.map(
    (name) =>
      `  ${labelOf(name).padEnd(width, '.')}: ${empty.has(name) ? NO_SAMPLE : metricText(data.metrics[name]!, data.options.summaryTimeUnit)}`,
  );
  const verdicts = names.flatMap((name) =>
    Object.entries(data.metrics[name]!.thresholds ?? {}).map(([text, { ok }]) =>
      empty.has(name) ? `  - ${name} '${text}' ${NO_SAMPLE}` : `  ${ok ? '✓' : '✗'} ${name} '${text}'`,
    ),
  );
  const head = verdicts.length === 0 ? [] : ['  THRESHOLDS', ...verdicts, ''];
  return ['', ...head, '  TOTAL RESULTS', ...lines, ''].join('\n');
}

/** Sub-metrics are indented below their metric. */
function labelOf(name: string): string {
  const brace = name.indexOf('{');
  return brace < 0 ? name : `  ${name.slice(brace)}`;
}

function metricText({ type, contains, values }: SummaryMetric, timeUnit: string): string {
  const unit = (value: number): string => {
    if (contains === 'time') return time(value, timeUnit);
    if (contains === 'data') return bytes(value);
    return String(Number(value.toFixed(3)));
  };
  const get = (name: string): number => values[name] ?? 0;
  if (type === 'counter') return `${unit(get('count'))}  ${unit(get('rate'))}/s`;
  if (type === 'gauge') return `${unit(get('value'))}  min=${unit(get('min'))} max=${unit(get('max'))}`;
  if (type === 'rate') {
    const total = get('passes') + get('fails');
    return `${(get('rate') * 100).toFixed(2)}%  ${get('passes')} out of ${total}`;
  }
  return Object.entries(values)
    .map(([stat, value]) => `${stat}=${stat === 'count' ? value : unit(value)}`)
    .join(' ');
}

/** A time in the given unit, or in the most suitable one. */
function time(ms: number, unit: string): string {
  const unitMs = UNIT_MS[unit];
  return unitMs === undefined ? printDuration(ms) : `${Number((ms / unitMs).toFixed(2))}${unit}`;
}

/** Decimal units, as k6 prints them. */
function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let at = 0;
  for (; scaled >= 1_000 && at < units.length - 1; at++) scaled /= 1_000;
  return `${at === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[at]!}`;
}
