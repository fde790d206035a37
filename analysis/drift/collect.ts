import { OUTCOMES } from '../../catalogue/outcomes.ts';
import { TARGET_METRICS, TARGET_PREFIX } from '../../catalogue/target-metrics.ts';
import { Histogram } from '../../contract/histogram.ts';
import type { EncodedHistogram } from '../../contract/histogram.ts';
import type { Interval, SeriesName, SeriesTotal } from '../../contract/series-counts.ts';
import { isAnswered } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import { binSeconds } from './bins.ts';
import type { DriftInput, Point, Series, SeriesKind } from './series.ts';

/** Samples that must exceed a percentile in nine of ten bins; with fewer the percentile is noise. */
const LEAST_BEYOND = { 50: 5, 95: 20 } as const;
const BINS_WITH_ENOUGH = 0.9;
type Percentile = keyof typeof LEAST_BEYOND;

/** Name for the combined requests of rare steps. */
const OTHER_STEPS = 'other steps';

/** A trend to follow, split by the name that `nameOf` returns. */
interface TrendRow {
  readonly kind: SeriesKind;
  readonly metric: string;
  readonly percentiles: readonly Percentile[];
  readonly nameOf: (series: SeriesName) => string | undefined;
}

const ofTarget = ({ tags }: SeriesName): boolean => tags['peer'] !== 'device';
const whole = ({ metric }: SeriesName): string => metric;

/** Latencies of the target, and the load generator's own delays. */
const TRENDS: readonly TrendRow[] = [
  {
    kind: 'latency',
    metric: 'http_req_duration',
    percentiles: [50, 95],
    nameOf: (series) => (ofTarget(series) && isAnswered(series.tags) ? (series.tags['name'] ?? '') : undefined),
  },
  { kind: 'latency', metric: 'decision_lag', percentiles: [95], nameOf: whole },
  { kind: 'latency', metric: 'flow_duration', percentiles: [50], nameOf: whole },
  { kind: 'generator', metric: 'generator_event_loop_delay', percentiles: [95], nameOf: whole },
  { kind: 'generator', metric: 'generator_start_lag', percentiles: [95], nameOf: whole },
];

/** Rates with the series that count. */
const RATES: Readonly<Record<string, (series: SeriesName) => boolean>> = {
  http_req_failed: ofTarget,
  outcome_mismatch: () => true,
  pairing_error_rate: () => true,
};

/** Counts of a bin of time. */
interface Bin {
  readonly trends: Map<string, Histogram>;
  readonly rates: Map<string, { samples: number; passes: number }>;
  readonly outcomes: Map<string, number>;
  requests: number;
  flows: number;
  ended: number;
  memoryBytes: number;
  /** The target's own gauges: minimum and last value. */
  readonly target: Map<string, { readonly metric: string; min: number; value: number }>;
}

const emptyBin = (): Bin => ({
  ...{ trends: new Map(), rates: new Map(), outcomes: new Map(), target: new Map() },
  ...{ requests: 0, flows: 0, ended: 0, memoryBytes: 0 },
});

/** A percentile series under construction; `few`: histograms of bins with few samples, in case the step is rare. */
interface Percentiles {
  readonly row: TrendRow;
  readonly name: string;
  readonly bins: { readonly t: number; readonly count: number; readonly values: readonly number[] }[];
  readonly few: Map<number, EncodedHistogram>;
}

/** Bins that may still get samples, because parts of a merged run are not written in step. */
const OPEN_BINS = 3;
/** A bin with more samples does not belong to a rare step. */
const MOST_OF_RARE = 100;

/** Length of a run in milliseconds: as it ended, or as planned if it was killed. */
export function lengthOfRun({ end, scenarios }: Pick<RunOfDrift, 'end' | 'scenarios'>): number {
  return end?.durationMs ?? Math.max(0, ...scenarios.map(({ startMs, durationMs }) => startMs + (durationMs ?? 0)));
}

/** The parts of a run file that the collector needs. */
type RunOfDrift = Pick<RunFile, 'startedAt' | 'intervalMs' | 'scenarios' | 'drift'> & {
  readonly end: { readonly durationMs: number } | null;
};

/** The series of a record for judging drift. */
export async function driftOf(run: RunOfDrift, intervals: AsyncIterable<Interval>): Promise<DriftInput> {
  const collector = new DriftCollector(run);
  for await (const interval of intervals) collector.add(interval);
  return collector.finish();
}

/** Collects the series in which drift is looked for from the intervals of a record (docs/methods-drift.md). */
export class DriftCollector {
  readonly #run: RunOfDrift;
  readonly #binMs: number;
  /** Seconds of the drift clock per millisecond. */
  readonly #secondsPerMs: number;
  /** End of planned starts; after it the load only runs out. */
  readonly #endMs: number;
  readonly #open = new Map<number, Bin>();
  readonly #percentiles = new Map<string, Percentiles>();
  readonly #points = new Map<string, Series & { readonly points: Point[] }>();
  #standing = 0;

  constructor(run: RunOfDrift) {
    this.#run = run;
    this.#secondsPerMs = (run.drift?.clock ?? 1) / 1_000;
    const lengthMs = lengthOfRun(run);
    this.#binMs = Math.max(1, Math.ceil((binSeconds(lengthMs / 1_000) * 1_000) / run.intervalMs)) * run.intervalMs;
    const planned = run.scenarios.flatMap(({ startMs, durationMs }) =>
      durationMs === null ? [] : [startMs + durationMs],
    );
    this.#endMs = Math.min(lengthMs, planned.length < run.scenarios.length ? lengthMs : Math.max(0, ...planned));
  }

  add({ index, recorded }: Interval): void {
    const at = Math.floor((index * this.#run.intervalMs) / this.#binMs);
    let bin = this.#open.get(at);
    if (bin === undefined) this.#open.set(at, (bin = emptyBin()));
    for (const [series, total] of recorded) count(bin, series, total);
    for (const open of this.#open.keys()) if (open < at - OPEN_BINS) this.#close(open);
  }

  /** The collected input for the verdict. */
  finish(): DriftInput {
    for (const open of [...this.#open.keys()].sort((a, b) => a - b)) this.#close(open);
    return {
      startedAt: Date.parse(this.#run.startedAt),
      seconds: this.#endMs * this.#secondsPerMs,
      series: [...this.#latencies(), ...this.#points.values()],
    };
  }

  /** Middle of a bin, in seconds of the drift clock since the start of the run. */
  #middleOf(at: number): number {
    return (at + 0.5) * this.#binMs * this.#secondsPerMs;
  }

  #close(at: number): void {
    const bin = this.#open.get(at)!;
    this.#open.delete(at);
    this.#standing += bin.flows - bin.ended;
    // A bin cut by the end holds less than the others.
    if ((at + 1) * this.#binMs > this.#endMs) return;
    const t = this.#middleOf(at);
    for (const [key, histogram] of bin.trends) this.#takeTrend(at, t, key, histogram);
    for (const [metric, { samples, passes }] of bin.rates) this.#share(metric, t, passes, samples);
    for (const [outcome, n] of bin.outcomes) {
      if ((OUTCOMES as readonly string[]).includes(outcome)) this.#share(`share of ${outcome}`, t, n, bin.ended);
    }
    const push = (name: string, kind: SeriesKind, scale: Series['scale'], y: number, floorOf?: number): void => {
      const known = this.#points.get(name);
      if (known !== undefined) known.points.push({ t, y });
      else
        this.#points.set(name, {
          ...{ name, kind, scale, badWay: 'up', points: [{ t, y }] },
          ...(floorOf === undefined ? {} : { floorOf }),
        });
    };
    if (bin.ended > 0 && bin.requests > 0) push('requests per flow', 'flows', 'ln', bin.requests / bin.ended);
    if (bin.flows > 0 || bin.ended > 0) push('flows open', 'flows', 'linear', this.#standing);
    for (const [name, { metric, min, value }] of bin.target) {
      const saw = TARGET_METRICS[metric]?.saw === true;
      push(name, 'target', 'ln', saw ? min : value, saw ? FLOOR_OF : undefined);
    }
    if (bin.memoryBytes > 0) push('generator_memory_bytes', 'generator', 'ln', bin.memoryBytes, FLOOR_OF);
  }

  #share(name: string, t: number, y: number, of: number): void {
    const known = this.#points.get(name);
    const point = { t, y: y / of, of };
    if (known !== undefined) known.points.push(point);
    else this.#points.set(name, { name, kind: 'share', scale: 'arcsine', badWay: 'up', points: [point] });
  }

  #takeTrend(at: number, t: number, key: string, histogram: Histogram): void {
    let series = this.#percentiles.get(key);
    if (series === undefined) {
      const [row, name] = JSON.parse(key) as [number, string];
      this.#percentiles.set(key, (series = { row: TRENDS[row]!, name, bins: [], few: new Map() }));
    }
    const { row, bins, few } = series;
    bins.push({ t, count: histogram.count, values: row.percentiles.map((p) => histogram.percentile(p)) });
    if (histogram.count < MOST_OF_RARE) few.set(at, histogram.encode());
  }

  /** A series for each percentile with enough samples in enough bins; steps too rare even for a median are combined. */
  #latencies(): Series[] {
    const told: Series[] = [];
    const rare: Percentiles[] = [];
    for (const series of this.#percentiles.values()) {
      const { row, name, bins } = series;
      const judged = row.percentiles.flatMap((p, i) => {
        const least = LEAST_BEYOND[p] / (1 - p / 100);
        // A control series is always used: fewer samples just give a wider interval.
        const enough = bins.filter(({ count }) => count >= least).length >= BINS_WITH_ENOUGH * bins.length;
        return row.kind === 'generator' || enough
          ? [{ p, points: bins.map(({ t, values }) => ({ t, y: values[i]! })) }]
          : [];
      });
      if (judged.length === 0 && row.kind === 'latency') rare.push(series);
      for (const { p, points } of judged) told.push(latency(row.kind, `p${p}(${name})`, points));
    }
    return [...told, ...this.#together(rare)];
  }

  #together(rare: readonly Percentiles[]): Series[] {
    const bins = new Map<number, Histogram>();
    for (const { few, row } of rare) {
      if (row.metric !== 'http_req_duration') continue;
      for (const [at, encoded] of few) {
        let into = bins.get(at);
        if (into === undefined) bins.set(at, (into = new Histogram()));
        into.mergeEncoded(encoded);
      }
    }
    const points = [...bins]
      .sort(([a], [b]) => a - b)
      .map(([at, histogram]) => ({ t: this.#middleOf(at), y: histogram.percentile(50) }));
    return points.length === 0 ? [] : [latency('latency', `p50(${OTHER_STEPS})`, points)];
  }
}

/** For memory, the minimum of this many bins is used, because it goes up and down between collections. */
const FLOOR_OF = 5;

/** Replaces a percentile of 0, which has no logarithm; below what can be measured. */
const LEAST_MS = 0.001;

function latency(kind: SeriesKind, name: string, points: readonly Point[]): Series {
  return {
    ...{ name, kind, scale: 'ln', badWay: 'up' },
    points: points.map(({ t, y }) => ({ t, y: Math.max(y, LEAST_MS) })),
  };
}

/** Row and name of a series' trend as a key; cached, as a reader returns the same object for a series each time. */
const trendKeys = new WeakMap<SeriesName, string | undefined>();

function trendKey(series: SeriesName): string | undefined {
  if (trendKeys.has(series)) return trendKeys.get(series);
  const row = TRENDS.findIndex(({ metric }) => metric === series.metric);
  const name = TRENDS[row]?.nameOf(series);
  const key = name === undefined ? undefined : JSON.stringify([row, name]);
  trendKeys.set(series, key);
  return key;
}

/** Adds a series' counts of an interval to a bin. */
function count(bin: Bin, series: SeriesName, total: SeriesTotal): void {
  const { metric, tags } = series;
  if ('histogram' in total) {
    const key = trendKey(series);
    if (key === undefined) return;
    let into = bin.trends.get(key);
    if (into === undefined) bin.trends.set(key, (into = new Histogram()));
    into.merge(total.histogram);
  } else if ('passes' in total) {
    if (RATES[metric]?.(series) !== true) return;
    let into = bin.rates.get(metric);
    if (into === undefined) bin.rates.set(metric, (into = { samples: 0, passes: 0 }));
    into.samples += total.samples;
    into.passes += total.passes;
  } else if ('sum' in total) {
    if (metric === 'http_reqs' && ofTarget(series)) bin.requests += total.sum;
    if (metric === 'flows') bin.flows += total.sum;
    if (metric === 'flow_outcomes') {
      bin.ended += total.sum;
      const outcome = tags['outcome'] ?? '';
      bin.outcomes.set(outcome, (bin.outcomes.get(outcome) ?? 0) + total.sum);
    }
  } else if (metric.startsWith(TARGET_PREFIX)) {
    const name = tags['target'] === undefined ? metric : `${metric} of ${tags['target']}`;
    const { min = Infinity } = bin.target.get(name) ?? {};
    bin.target.set(name, { metric, min: Math.min(min, total.min), value: total.value });
  } else if (metric === 'generator_memory_bytes') {
    bin.memoryBytes = Math.max(bin.memoryBytes, total.value);
  }
}
