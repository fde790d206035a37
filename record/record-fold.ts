import type { MetricType } from '../catalogue/metrics.ts';
import { POLL_NAMES } from '../contract/selector.ts';
import { addToTotal, emptyTotal } from '../contract/series-counts.ts';
import type { AddedInterval, SeriesName, SeriesTotal } from '../contract/series-counts.ts';
import { SeriesTotals } from '../contract/series-totals.ts';
import { isAnswered } from './record-totals.ts';
import { TimeColumns } from './time-columns.ts';

/** Maximum number of columns of the time axis: about what a chart can show. */
export const MOST_COLUMNS = 300;

/** Tags whose values are parts of the run. */
const PART_TAGS = ['phase', 'level'] as const;
export type PartTag = (typeof PART_TAGS)[number];

/** Time of a part: its first and last interval, and the number of intervals with a request. */
interface IntervalSpan {
  readonly first: number;
  readonly last: number;
  readonly active: number;
}

/** Start or end of a fault. */
export interface FaultEdge {
  readonly index: number;
  readonly fault: string;
  readonly edge: string;
}

/** Maximum number of parts; more than any of our scenarios has. */
const MOST_PARTS = 64;

/** Maximum number of edges; a foreign record may have any number. */
const MOST_EDGES = 1_000;

type Column = Partial<Record<TrackName, SeriesTotal>>;

/**
 * Everything a report needs from a record's intervals, in one pass and bounded memory: totals of each series, some
 * totals over time, and when each part of the run took place.
 */
export class RecordFold {
  readonly totals = new SeriesTotals();
  readonly #columns = new TimeColumns<Column>(MOST_COLUMNS, () => ({}), mergeColumns);
  readonly #tracks = new WeakMap<SeriesName, readonly TrackName[]>();
  /** Intervals in which each tag value was seen. */
  readonly #parts = new Map<PartTag, Map<string, Set<number>>>();
  readonly #edges: FaultEdge[] = [];
  #last = -1;

  /** Adds an interval, in any order; the same one may come in pieces. Throws a RangeError if a metric has two types. */
  add(interval: AddedInterval): void {
    const { index, recorded } = interval;
    this.totals.add(interval);
    if (index > this.#last) this.#last = index;
    const column = this.#columns.at(index);
    for (const [series, counts] of recorded) {
      let tracks = this.#tracks.get(series);
      if (tracks === undefined) this.#tracks.set(series, (tracks = tracksOf(series)));
      for (const track of tracks) {
        const { type } = TRACKS[track];
        addToTotal(type, (column[track] ??= emptyTotal(type)), counts);
      }
      this.#noteParts(series, index);
      if (series.metric === 'fault_injections' && this.#edges.length < MOST_EDGES) {
        const { fault = '', edge = '' } = series.tags;
        this.#edges.push({ index, fault, edge });
      }
    }
  }

  #noteParts({ metric, tags }: SeriesName, index: number): void {
    // One metric suffices: every script with parts makes requests in them.
    if (metric !== 'http_reqs') return;
    for (const tag of PART_TAGS) {
      const value = tags[tag];
      if (value === undefined) continue;
      let values = this.#parts.get(tag);
      if (values === undefined) this.#parts.set(tag, (values = new Map<string, Set<number>>()));
      const seen = values.get(value);
      if (seen !== undefined) seen.add(index);
      else if (values.size < MOST_PARTS) values.set(value, new Set([index]));
    }
  }

  /** Index of the last interval; −1 if nothing was recorded. */
  get lastInterval(): number {
    return this.#last;
  }

  /** Number of columns, and of intervals per column. */
  get axis(): { readonly columns: number; readonly perColumn: number } {
    return { columns: this.#columns.list().length, perColumn: this.#columns.perColumn };
  }

  /** A track by column; undefined where it has no samples. */
  track(name: TrackName): readonly (SeriesTotal | undefined)[] {
    return this.#columns.list().map((column) => column?.[name]);
  }

  /** Starts and ends of faults, in order. */
  get faultEdges(): readonly FaultEdge[] {
    return this.#edges.toSorted((a, b) => a.index - b.index);
  }

  /** When each value of a tag was seen. */
  spans(tag: PartTag): ReadonlyMap<string, IntervalSpan> {
    const spans = new Map<string, IntervalSpan>();
    for (const [value, seen] of this.#parts.get(tag) ?? []) {
      let first = Infinity;
      let last = 0;
      for (const index of seen) {
        first = Math.min(first, index);
        last = Math.max(last, index);
      }
      spans.set(value, { first, last, active: seen.size });
    }
    return spans;
  }
}

function mergeColumns(into: Column, other: Column): void {
  for (const [name, total] of Object.entries(other) as [TrackName, SeriesTotal][]) {
    const { type } = TRACKS[name];
    addToTotal(type, (into[name] ??= emptyTotal(type)), total);
  }
}

/** A total followed over time. */
interface Track {
  readonly metric: string;
  readonly type: MetricType;
  /** Only series with one of these values. */
  readonly tags?: Readonly<Record<string, readonly string[]>>;
}

/** What the report shows over time. Each track costs one total per column, hence the short list. */
const TRACKS = {
  flows: { metric: 'flows', type: 'counter' },
  outcomes: { metric: 'flow_outcomes', type: 'counter' },
  iterations: { metric: 'iterations', type: 'counter' },
  dropped: { metric: 'dropped_iterations', type: 'counter' },
  requests: { metric: 'http_reqs', type: 'counter' },
  pfRequests: { metric: 'http_req_duration', type: 'trend', tags: { peer: ['pf'] } },
  allRequests: { metric: 'http_req_duration', type: 'trend' },
  pfFailed: { metric: 'http_req_failed', type: 'rate', tags: { peer: ['pf'] } },
  mismatches: { metric: 'outcome_mismatch', type: 'rate' },
  pairing: { metric: 'pairing_duration', type: 'trend' },
  pairingErrors: { metric: 'pairing_error_rate', type: 'rate' },
  polls: { metric: 'http_req_duration', type: 'trend', tags: { peer: ['pf'], name: POLL_NAMES } },
  pollErrors: { metric: 'poll_error_rate', type: 'rate' },
  decisionLag: { metric: 'decision_lag', type: 'trend' },
  vus: { metric: 'vus', type: 'gauge' },
  eventLoop: { metric: 'generator_event_loop_delay', type: 'trend' },
  startLag: { metric: 'generator_start_lag', type: 'trend' },
  cpuCores: { metric: 'generator_cpu_cores', type: 'gauge' },
  memoryBytes: { metric: 'generator_memory_bytes', type: 'gauge' },
  connections: { metric: 'generator_connections', type: 'gauge' },
} as const satisfies Record<string, Track>;

type TrackName = keyof typeof TRACKS;

/** Tracks that a series belongs to. A foreign record may use a name with another type: such a series is ignored. */
function tracksOf({ metric, type, tags }: SeriesName): readonly TrackName[] {
  return (Object.keys(TRACKS) as TrackName[]).filter((name) => {
    const track: Track = TRACKS[name];
    if (track.metric !== metric || track.type !== type) return false;
    if (metric === 'http_req_duration' && !isAnswered(tags)) return false;
    return Object.entries(track.tags ?? {}).every(([tag, values]) => values.includes(tags[tag] ?? ''));
  });
}
