import type { MetricType } from '../../catalogue/metrics.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError } from '../../contract/decode.ts';
import type { Tags } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import type { ThresholdDefinition } from '../../contract/threshold-expression.ts';
import { IntervalWindow } from '../../record/interval-window.ts';
import type { ClosedInterval } from '../../record/interval-window.ts';
import { lineChunks, nameOf } from '../../record/line-chunks.ts';
import { LONGEST_RUN_MS } from '../../record/run-file.ts';
import { addSample } from './add-sample.ts';
import { metricLine, pointLine } from './k6-line.ts';
import type { K6Line, PointLine } from './k6-line.ts';
import { SampleSeries } from './sample-series.ts';

/** Receives samples as they are read. */
interface SampleSink {
  /** Called with the start of the run's clock (Unix milliseconds) and the tags of the first sample. */
  readonly begin: (startMs: number, tags: Tags) => void;
  readonly close: (index: number, closed: ClosedInterval) => void;
  readonly warn: (line: string) => void;
}

export interface ReadSamples {
  readonly totals: SeriesTotals;
  readonly startMs: number;
  /** Time of the latest sample, in Unix milliseconds. */
  readonly endMs: number;
  readonly samples: number;
  /** Samples from before the start; they count in the first interval. */
  readonly early: number;
  readonly thresholds: readonly ThresholdDefinition[];
  /** Types of all metrics defined in the file, including those without samples. */
  readonly types: ReadonlyMap<string, MetricType>;
  /** The file ends in the middle of a line. */
  readonly cut: boolean;
}

/** Marks a sub-metric, whose samples are ignored: they are already counted in the metric. */
const SUB_METRIC = '{';

/**
 * Reads k6's JSON lines into intervals, in constant memory. The run's clock starts at `startedAtMs`, or else at the
 * first sample. Throws a ConfigurationError that names the line.
 */
export async function readSamples(
  file: string,
  intervalMs: number,
  startedAtMs: number | undefined,
  sink: SampleSink,
): Promise<ReadSamples> {
  const source = nameOf(file);
  const series = new SampleSeries(sink.warn);
  const totals = new SeriesTotals();
  const thresholds = new Map<string, ThresholdDefinition>();
  const window = new IntervalWindow((index, closed) => {
    totals.add({ recorded: [...closed] });
    sink.close(index, closed);
  });
  let number = 0;
  const place = (): string => `${source}: line ${number}`;
  let startMs: number | undefined;
  let endMs = -Infinity;
  let samples = 0;
  let early = 0;
  let cut = false;

  function takeMetric(line: K6Line): void {
    const { metric, type, contains, thresholds: own } = metricLine(line, place());
    if (!metric.includes(SUB_METRIC)) series.define(metric, type, contains, place());
    for (const { metric: selector, expressions } of own) {
      for (const expression of expressions)
        thresholds.set(`${selector} ${expression}`, { metric: selector, expression });
    }
  }

  function takePoint({ metric, at, value, tags }: PointLine): void {
    if (metric.includes(SUB_METRIC)) return;
    const one = series.of(metric, tags, place);
    if (startMs === undefined) {
      startMs = startedAtMs ?? Math.floor(at);
      sink.begin(startMs, tags);
    }
    const since = at - startMs;
    if (!(Math.abs(since) <= LONGEST_RUN_MS)) {
      const days = Math.round(Math.abs(since) / 86_400_000);
      throw new ConfigurationError(
        `${place()}: its time is ${days} days ${since > 0 ? 'after' : 'before'} the start of the run; expected one within ${LONGEST_RUN_MS / 86_400_000} days`,
      );
    }
    if (since < 0) early++;
    if (at > endMs) endMs = at;
    samples++;
    const index = since < 0 ? 0 : Math.floor(since / intervalMs);
    addSample(one.type, window.totalOf(index, one), value, at);
  }

  /** Returns false if the line is not JSON. */
  function readLine(text: string): boolean {
    let line: unknown;
    try {
      line = JSON.parse(text);
    } catch {
      return false;
    }
    const kind = typeof line === 'object' && line !== null ? (line as K6Line)['type'] : undefined;
    if (kind === 'Point') takePoint(pointLine(line as K6Line, place()));
    else if (kind === 'Metric') takeMetric(line as K6Line);
    else if (typeof kind !== 'string') throw new ConfigurationError(`${place()} ${EXPECTED}`);
    return true;
  }

  try {
    for await (const { lines, first, open } of lineChunks(file, 'refuse')) {
      for (let at = 0; at < lines.length; at++) {
        const text = lines[at]!;
        number = first + at;
        if (text === '' || readLine(text)) continue;
        if (open) cut = true;
        else if (!passedOver(text, file, number)) throw new ConfigurationError(`${place()} ${EXPECTED}`);
      }
      cut ||= open && lines[0] === '';
    }
  } catch (error) {
    throw error instanceof DecodeError ? new ConfigurationError(error.message) : error;
  }
  if (startMs === undefined)
    throw new ConfigurationError(`${source} contains no samples; pass the file of "k6 run --out json=FILE"`);
  window.end();
  return {
    ...{ totals, startMs, endMs, samples, early, cut },
    thresholds: [...thresholds.values()],
    types: series.types(),
  };
}

const EXPECTED = 'is not a line of k6\'s --out json; expected {"type":"Point","metric":…,"data":{…}}';

/** Whether a line that is not JSON is acceptable: a blank one, or on stdin the text k6 prints between its samples. */
function passedOver(text: string, file: string, number: number): boolean {
  if (/^\s*$/.test(text)) return true;
  if (number === 1 && text.startsWith('metric_name,'))
    throw new ConfigurationError(
      `${nameOf(file)} is k6's CSV, which lacks metric types and thresholds; run k6 with --out json=FILE`,
    );
  return file === '-' && !/^\s*\{/.test(text);
}
