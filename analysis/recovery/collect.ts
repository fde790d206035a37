import { NO_FAULT } from '../../catalogue/phases.ts';
import { STORM } from '../../catalogue/steps.ts';
import { Histogram } from '../../contract/histogram.ts';
import type { AddedInterval, SeriesCounts, SeriesName, SeriesTotal } from '../../contract/series-counts.ts';
import { addToHistogram } from '../../contract/series-counts.ts';
import { isAnswered } from '../../record/record-totals.ts';
import type { RunFile } from '../../record/run-file.ts';
import type { RunSeconds } from './series.ts';

/** When a fault was confirmed to have started and ended, in seconds since the start of the run. */
export interface FaultEdges {
  readonly name: string;
  readonly begin: number | undefined;
  readonly end: number | undefined;
}

/** An answer of the detector (`--detect`). */
export interface Detection {
  readonly at: number;
  readonly yes: boolean;
}

/** Everything that the verdict on the faults of a run needs. */
export interface RecoveryInput {
  readonly run: RunSeconds;
  /** In the order in which they began. */
  readonly faults: readonly FaultEdges[];
  readonly detections: readonly Detection[];
  /** Whether a request that began in a steady part was recorded in a second. */
  readonly steady: readonly boolean[];
  /** Length of a recording interval in seconds, if it is longer than a second: too coarse. */
  readonly coarse: number | undefined;
}

/** Gauge of the command's detector, recorded beside the run's own metrics. */
export const DETECTED_METRIC = 'detector_firing';

type Counted = Exclude<keyof RunSeconds, 'p95' | 'profiles'>;

/** Counts of a second so far. */
interface Second extends Record<Counted, number> {
  readonly latencies: Histogram;
  readonly profiles: Map<string, { requests: number; started: number }>;
  steady: boolean;
}

type Closed = Omit<Second, 'latencies'> & { readonly p95: number };

/** Seconds kept open for lines that come late: parts of a merged run are not written in step. */
const OPEN_SECONDS = 8;

/** A series may have this many seconds: a week. */
const MOST_SECONDS = 604_800;

/** Faults of a foreign record may have any number of names. */
const MOST_FAULTS = 100;

/** Collects the seconds of a run and the times of its faults from the intervals of a record. */
export class RecoveryCollector {
  readonly #startedAt: number;
  readonly #intervalMs: number;
  readonly #open = new Map<number, Second>();
  readonly #seconds: (Closed | undefined)[] = [];
  readonly #edges = new Map<string, { begin?: number; end?: number }>();
  readonly #detections: Detection[] = [];

  constructor({ startedAt, intervalMs }: Pick<RunFile, 'startedAt' | 'intervalMs'>) {
    this.#startedAt = Date.parse(startedAt);
    this.#intervalMs = intervalMs;
  }

  add({ index, recorded }: AddedInterval): void {
    const at = Math.floor((index * this.#intervalMs) / 1_000);
    if (at >= MOST_SECONDS) return;
    const second = this.#secondAt(at);
    for (const [series, counts] of recorded) {
      if (series.metric === 'fault_edge_ms' || series.metric === DETECTED_METRIC) this.#takeGauge(series, counts);
      else if (second !== undefined) count(second, series, counts);
    }
    for (const open of this.#open.keys()) if (open < at - OPEN_SECONDS) this.#close(open);
  }

  finish(): RecoveryInput {
    for (const open of [...this.#open.keys()]) this.#close(open);
    const all = Array.from(this.#seconds, (second) => second ?? EMPTY);
    const of = (name: Counted | 'p95'): number[] => all.map((second) => second[name]);
    const names = new Set(all.flatMap(({ profiles }) => [...profiles.keys()]));
    return {
      run: {
        ...{ requests: of('requests'), errors: of('errors'), started: of('started'), ended: of('ended') },
        ...{ off: of('off'), p95: of('p95'), storms: of('storms') },
        profiles: Object.fromEntries(
          [...names].map((name) => [
            name,
            {
              requests: all.map(({ profiles }) => profiles.get(name)?.requests ?? 0),
              started: all.map(({ profiles }) => profiles.get(name)?.started ?? 0),
            },
          ]),
        ),
      },
      faults: [...this.#edges]
        .map(([name, { begin, end }]) => ({ name, begin, end }))
        .sort((a, b) => (a.begin ?? a.end ?? 0) - (b.begin ?? b.end ?? 0)),
      detections: this.#detections.toSorted((a, b) => a.at - b.at),
      steady: all.map(({ steady }) => steady),
      coarse: this.#intervalMs > 1_000 ? this.#intervalMs / 1_000 : undefined,
    };
  }

  /** Undefined for a second that is closed already. */
  #secondAt(at: number): Second | undefined {
    let second = this.#open.get(at);
    if (second !== undefined || this.#seconds[at] !== undefined) return second;
    second = {
      ...{ requests: 0, errors: 0, started: 0, ended: 0, off: 0, storms: 0, steady: false },
      ...{ latencies: new Histogram(), profiles: new Map() },
    };
    this.#open.set(at, second);
    return second;
  }

  #close(at: number): void {
    const { latencies, ...second } = this.#open.get(at)!;
    this.#open.delete(at);
    this.#seconds[at] = { ...second, p95: latencies.count > 0 ? latencies.percentile(95) : NaN };
  }

  #takeGauge({ metric, tags }: SeriesName, counts: SeriesTotal | SeriesCounts): void {
    if (!('at' in counts)) return;
    if (metric === DETECTED_METRIC) {
      this.#detections.push({ at: this.#sinceStart(counts.at), yes: counts.value > 0 });
      return;
    }
    const { fault = '', edge } = tags;
    let edges = this.#edges.get(fault);
    if (edges === undefined) {
      if (this.#edges.size >= MOST_FAULTS || fault === '' || fault === NO_FAULT) return;
      this.#edges.set(fault, (edges = {}));
    }
    // The moment is the value; the sample's own time is that of its recording.
    if (edge === 'start') edges.begin ??= this.#sinceStart(counts.value);
    if (edge === 'end') edges.end ??= this.#sinceStart(counts.value);
  }

  #sinceStart(unixMs: number): number {
    return Math.max(0, (unixMs - this.#startedAt) / 1_000);
  }
}

const EMPTY = {
  ...{ requests: 0, errors: 0, started: 0, ended: 0, off: 0, storms: 0, steady: false, p95: NaN },
  profiles: new Map<string, { requests: number; started: number }>(),
};

/** What counts in a second, by metric. Requests are those of users' flows: peer `pf`. */
const COUNT: Readonly<
  Record<string, (second: Second, tags: SeriesName['tags'], counts: SeriesTotal | SeriesCounts) => void>
> = {
  http_req_failed: (second, { peer, phase }, counts) => {
    if (peer !== 'pf' || !('passes' in counts)) return;
    second.requests += counts.samples;
    second.errors += counts.passes;
    if (phase === 'steady') second.steady = true;
  },
  http_req_duration: (second, tags, counts) => {
    if (tags['peer'] === 'pf' && isAnswered(tags)) addToHistogram(second.latencies, counts);
  },
  http_reqs: (second, { peer }, counts) => {
    if (peer === STORM && 'sum' in counts) second.storms += counts.sum;
  },
  flows: (second, _tags, counts) => {
    if ('sum' in counts) second.started += counts.sum;
  },
  flow_outcomes: (second, _tags, counts) => {
    if ('sum' in counts) second.ended += counts.sum;
  },
  outcome_mismatch: (second, _tags, counts) => {
    if ('passes' in counts) second.off += counts.passes;
  },
  profile_requests: (second, tags, counts) => ofProfile(second, tags, 'requests', counts),
  profile_flows: (second, tags, counts) => ofProfile(second, tags, 'started', counts),
};

function ofProfile(
  { profiles }: Second,
  { profile }: SeriesName['tags'],
  what: 'requests' | 'started',
  counts: SeriesTotal | SeriesCounts,
): void {
  if (profile === undefined || !('sum' in counts)) return;
  const known = profiles.get(profile) ?? { requests: 0, started: 0 };
  known[what] += counts.sum;
  profiles.set(profile, known);
}

function count(second: Second, { metric, tags }: SeriesName, counts: SeriesTotal | SeriesCounts): void {
  if (Object.hasOwn(COUNT, metric)) COUNT[metric]!(second, tags, counts);
}
