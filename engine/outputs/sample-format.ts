import { performance } from 'node:perf_hooks';
import type { Metric, SampleTap } from '../metrics/metric.ts';
import type { Tags } from '../metrics/series.ts';
import type { Guard } from './guarded.ts';
import type { OutputTarget } from './output-target.ts';
import { wellFormed, wellFormedTags } from './well-formed.ts';

/** Formats samples as lines; the part common to a series is built once. */
interface SampleFormat {
  /** First line of the file with its line break, or empty. */
  readonly head: string;
  /** Lines before the first sample of a metric, and of each sub-metric with thresholds; may be empty. */
  readonly metricHead: (
    name: string,
    metric: Pick<Metric, 'type' | 'contains'>,
    thresholds: readonly string[],
  ) => string;
  /** Formatter for samples of a series. */
  readonly lineOf: (metric: Metric, tags: Tags) => (unixMs: number, value: number) => string;
}

/** k6's JSON lines (k6-contract.md 8.1): a `Metric` once, then a `Point` per sample. */
const JSON_LINES: SampleFormat = {
  head: '',
  metricHead: (name, { type, contains }, thresholds) =>
    `${JSON.stringify({
      type: 'Metric',
      data: { type, contains, tainted: null, thresholds: thresholds.map(wellFormed), submetrics: null },
      metric: wellFormed(name),
    })}\n`,
  lineOf({ name }, tags) {
    const tail = `,"tags":${JSON.stringify(wellFormedTags(tags))}},"metric":${JSON.stringify(name)}}\n`;
    return (unixMs, value) => `{"type":"Point","data":{"time":"${timeText(unixMs)}","value":${value}${tail}`;
  },
};

/** k6's CSV (k6-contract.md 8.2): a column per enabled system tag, other tags as `name=value&…` in the last column. */
function csvLines(systemTags: readonly string[]): SampleFormat {
  const columns = [...systemTags].sort();
  return {
    head: `metric_name,timestamp,metric_value,${columns.map((column) => `${column},`).join('')}extra_tags\n`,
    metricHead: () => '',
    lineOf({ name }, given) {
      const tags = wellFormedTags(given);
      const extra = Object.entries(tags).filter(([tag]) => !columns.includes(tag));
      const cells = [
        ...columns.map((column) => tags[column] ?? ''),
        extra.map(([tag, value]) => `${encodeURIComponent(tag)}=${encodeURIComponent(value)}`).join('&'),
      ];
      const tail = `${cells.map(csvCell).join(',')}\n`;
      return (unixMs, value) => `${name},${Math.floor(unixMs / 1_000)},${value.toFixed(6)},${tail}`;
    },
  };
}

/** The format of an output; CSV has a column per system tag. */
export function formatOf(kind: OutputTarget['kind'], systemTags: readonly string[]): SampleFormat {
  return kind === 'json' ? JSON_LINES : csvLines(systemTags);
}

/** Writes each sample as a line to each output; a failing output is closed alone. */
export function lineTap<Output extends { readonly guard: Guard; readonly format: SampleFormat }>(
  outputs: readonly Output[],
  write: (output: Output, metric: Metric, line: string) => void,
): SampleTap {
  return (metric, tags) => {
    const writers = outputs.map((output) => {
      let lineOf: ((unixMs: number, value: number) => string) | undefined;
      output.guard.do(() => void (lineOf = output.format.lineOf(metric, tags)));
      return (unixMs: number, value: number): void =>
        output.guard.do(() => write(output, metric, lineOf!(unixMs, value)));
    });
    return (value) => {
      const unixMs = performance.timeOrigin + performance.now();
      for (const writeTo of writers) writeTo(unixMs, value);
    };
  };
}

/** A cell (RFC 4180, section 2). */
function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

let latestMs = -1;
let latestText = '';

/** RFC 3339 in UTC with nanoseconds; the clock's resolution is a microsecond. */
export function timeText(unixMs: number): string {
  const ms = Math.floor(unixMs);
  if (ms !== latestMs) {
    latestMs = ms;
    latestText = new Date(ms).toISOString().slice(0, -1);
  }
  const nanoseconds = Math.min(999_999, Math.round((unixMs - ms) * 1e6));
  return `${latestText}${String(nanoseconds).padStart(6, '0')}Z`;
}
