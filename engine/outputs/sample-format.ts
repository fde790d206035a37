import { performance } from 'node:perf_hooks';
import type { MetricKind } from '../../contract/series-totals.ts';
import type { Metric, SampleTap } from '../metrics/metric.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { WrittenThreshold } from '../metrics/thresholds.ts';
import type { Guard } from './guarded.ts';
import type { OutputTarget } from './output-target.ts';
import { wellFormed, wellFormedTags } from './well-formed.ts';

/** What is asked of a metric, as the script wrote it, and its sub-metrics with what is asked of them. */
interface MetricThresholds {
  readonly own: readonly WrittenThreshold[];
  readonly submetrics: readonly {
    readonly name: string;
    readonly suffix: string;
    readonly tags: Tags;
    readonly thresholds: readonly WrittenThreshold[];
  }[];
}

/** How the samples of a series become lines. What all samples of a series share is put together once. */
interface SampleFormat {
  /** First line of the file with its line break, or empty. */
  readonly head: string;
  /** What comes before the first sample of a metric; empty if nothing does. */
  readonly metricHead: (metric: MetricKind, thresholds: MetricThresholds) => string;
  /** The line of a sample taken now. */
  readonly lineOf: (metric: Metric, tags: Tags) => (unixMs: number, value: number) => string;
}

/**
 * k6's JSON lines as they are today (k6-contract.md 8.1 and section 13, row 31; docs/samples.schema.json): a `Metric` once, then a
 * `Point` for each sample. k6 leaves the thresholds of sub-metrics out, without which the lines could not be judged.
 */
const JSON_LINES: SampleFormat = {
  head: '',
  metricHead: ({ metric: name, type, contains }, { own, submetrics }) =>
    `${JSON.stringify(
      {
        type: 'Metric',
        data: { name, type, contains, thresholds: own, submetrics: submetrics.length === 0 ? null : submetrics },
        metric: name,
      },
      (_key, value: unknown) => (typeof value === 'string' ? wellFormed(value) : value),
    )}\n`,
  lineOf({ name }, tags) {
    const head = `{"metric":${JSON.stringify(name)},"type":"Point","data":{"time":"`;
    const tail = `,"tags":${JSON.stringify(wellFormedTags(tags))}}}\n`;
    return (unixMs, value) => `${head}${timeText(unixMs)}","value":${value}${tail}`;
  },
};

/** k6's CSV (k6-contract.md 8.2): a column for each system tag that is on, other tags as `name=value&…`, and metadata, of which there are none. */
function csvLines(systemTags: readonly string[]): SampleFormat {
  const columns = [...systemTags].sort();
  return {
    head: `metric_name,timestamp,metric_value,${columns.map((column) => `${column},`).join('')}extra_tags,metadata\n`,
    metricHead: () => '',
    lineOf({ name }, given) {
      const tags = wellFormedTags(given);
      const extra = Object.entries(tags).filter(([tag]) => !columns.includes(tag));
      const cells = [
        ...columns.map((column) => tags[column] ?? ''),
        extra.map(([tag, value]) => `${encodeURIComponent(tag)}=${encodeURIComponent(value)}`).join('&'),
      ];
      const tail = `${cells.map(csvCell).join(',')},\n`;
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
