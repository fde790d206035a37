import type { SummaryData, SummaryMetric } from '../../contract/summary-data.ts';
import { formatDuration } from '../duration.ts';

/** The end-of-test text when a script has no handleSummary: thresholds, then every metric, one line each. */
export function summaryText(data: SummaryData): string {
  const names = Object.keys(data.metrics).sort();
  const width = Math.max(0, ...names.map((name) => labelOf(name).length)) + 3;
  const lines = names.map((name) => `  ${labelOf(name).padEnd(width, '.')}: ${metricText(data.metrics[name]!)}`);
  const verdicts = names.flatMap((name) =>
    Object.entries(data.metrics[name]!.thresholds ?? {}).map(
      ([text, { ok }]) => `  ${ok ? '✓' : '✗'} ${name} '${text}'`,
    ),
  );
  const head = verdicts.length === 0 ? [] : ['  THRESHOLDS', ...verdicts, ''];
  return ['', ...head, '  TOTAL RESULTS', ...lines, ''].join('\n');
}

/** A sub-metric stands below its metric. */
function labelOf(name: string): string {
  const brace = name.indexOf('{');
  return brace < 0 ? name : `  ${name.slice(brace)}`;
}

function metricText({ type, contains, values }: SummaryMetric): string {
  const unit = (value: number): string => {
    if (contains === 'time') return formatDuration(value);
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

/** Decimal units, as k6 prints them. */
function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let scaled = value;
  let at = 0;
  for (; scaled >= 1_000 && at < units.length - 1; at++) scaled /= 1_000;
  return `${at === 0 ? Math.round(scaled) : scaled.toFixed(1)} ${units[at]!}`;
}
