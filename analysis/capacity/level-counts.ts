import { Histogram, bucketFrom } from '../../contract/histogram.ts';
import type { EncodedHistogram } from '../../contract/histogram.ts';
import { addToHistogram, addToTotal, emptyTotal } from '../../contract/series-counts.ts';
import type { AddedInterval, SeriesName } from '../../contract/series-counts.ts';
import { withoutAlias } from '../../contract/selector.ts';
import { carries, parseSelector } from '../../contract/threshold-expression.ts';
import { isAnswered } from '../../record/record-totals.ts';
import { TARGET_PREFIX } from '../../catalogue/target-metrics.ts';
import type { LevelCounts } from './level.ts';
import type { Term } from './objective.ts';
import { TargetCpuCollector } from './target-cpu.ts';
import type { TargetCpu } from './target-cpu.ts';

/** What one second of a level counted. */
interface Second {
  /** Of each term: samples of a rate and those that are not 0, or the values of a duration. */
  readonly terms: readonly { samples: number; passes: number; readonly values: Histogram | null }[];
  /** Answered requests to the target. */
  readonly answered: Histogram;
  started: number;
  ended: number;
  dropped: number;
  paired: number;
  /** Requests to the target, and those that it refused because one address sends too many. */
  requests: number;
  refused: number;
  cpuCores: number;
}

/** What is told of a level beside its judgement; of the part that was looked at, unless it says otherwise. */
export interface LevelFigures {
  readonly requestsPerSecond: number;
  /** Of answered requests to the target. */
  /** Null: no request was answered. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly startsPerSecond: number;
  readonly endsPerSecond: number;
  /** Of the whole level: flows that ended, and those that paired a device. */
  readonly ended: number;
  readonly paired: number;
  /** Of the whole level: mean time of an iteration in seconds; null: none ended. */
  readonly flowSeconds: number | null;
  /** Answered requests to the target; absent in answers of before, null: there was none. */
  readonly service?: ServiceFigures | null | undefined;
  /** Absent: the target's metrics were not recorded. Null: too little of its CPU was. */
  readonly cpu?: TargetCpu | null | undefined;
}

/** How long the target took for its requests. */
export interface ServiceFigures {
  readonly perSecond: number;
  readonly meanMs: number;
  /** Standard deviation. */
  readonly sdMs: number;
  /** Median time to open a connection in the whole level, about a round trip; null: none was opened. */
  readonly connectMs: number | null;
}

/** Status of a request that a rate limit refused (protocol.md section 7). */
const TOO_MANY = '429';

/** Takes in what a run recorded, and counts it by seconds since its first flow (docs/methods.md, "What one level says"). */
export class LevelCollector {
  readonly #terms: readonly Term[];
  readonly #matches: readonly ((series: SeriesName) => boolean)[];
  readonly #seconds = new Map<number, Second>();
  readonly #iterations = emptyTotal('trend');
  readonly #kinds = new WeakMap<SeriesName, readonly number[]>();
  readonly #connecting = new Histogram();
  readonly #cpu = new TargetCpuCollector();
  #ofTarget = false;
  #first: number | undefined;
  #last = -1;

  /** Intervals of the record must be of one second. */
  constructor(terms: readonly Term[]) {
    this.#terms = terms;
    this.#matches = terms.map(({ selector }) => {
      const { metric, tags } = withoutAlias(parseSelector(selector));
      const wanted = Object.entries(tags);
      return (series) => series.metric === metric && carries(series.tags, wanted);
    });
  }

  /** Seconds since the first flow of which everything is known: lines of the latest may still come. */
  get known(): number {
    return this.#first === undefined ? 0 : Math.max(0, this.#last - this.#first - 1);
  }

  add({ index, recorded }: AddedInterval): void {
    for (const [series, total] of recorded) {
      const { metric, tags } = series;
      if (metric.startsWith(TARGET_PREFIX)) {
        this.#ofTarget = true;
        if ('value' in total) this.#cpu.add(index, series, total.value);
        continue;
      }
      // What the target tells of itself comes when it likes, and says nothing of what else is known.
      this.#last = Math.max(this.#last, index);
      if (metric === 'flows') this.#first = Math.min(index, this.#first ?? index);
      if (metric === 'iteration_duration' && (tags['group'] ?? '') === '') addToTotal('trend', this.#iterations, total);
      const second = this.#at(index);
      for (const at of this.#termsOf(series)) {
        const term = second.terms[at]!;
        if (term.values !== null) addToHistogram(term.values, total);
        else if ('passes' in total) {
          term.samples += total.samples;
          term.passes += total.passes;
        }
      }
      if (metric === 'http_req_duration' && tags['peer'] === 'pf' && isAnswered(tags))
        addToHistogram(second.answered, total);
      if (metric === 'http_req_connecting' && tags['peer'] === 'pf') addToHistogram(this.#connecting, total);
      if (metric === 'generator_cpu_cores' && 'value' in total) second.cpuCores = total.value;
      if ('sum' in total) count(second, series, total.sum);
    }
    if (recorded.length === 0) this.#last = Math.max(this.#last, index);
  }

  /** What was counted up to a second, not with it. */
  counts(until: number): LevelCounts {
    const seconds = this.#list(until);
    return {
      terms: this.#terms.map(({ limit, allowed }, at) => {
        const of = seconds.map(({ terms }) => terms[at]!);
        if (limit === null) return { all: of.map(({ samples }) => samples), bad: of.map(({ passes }) => passes) };
        const values = of.map((term) => term.values!);
        const encoded = values.map((histogram) => histogram.encode());
        return {
          all: values.map(({ count: n }) => n),
          bad: encoded.map((histogram) => countFrom(histogram, limit)),
          mean: values.map(meanOf),
          aboveOwnQuantile: (from: number, to: number) => {
            const own = merged(values.slice(from, to)).percentile(100 * (1 - allowed));
            return encoded.slice(from, to).map((histogram) => countFrom(histogram, own));
          },
        };
      }),
      logLatency: seconds.map(({ answered }) => meanLog(answered)),
      latency: seconds.map(({ answered }) => meanOf(answered)),
      started: seconds.map(({ started }) => started),
      ended: seconds.map(({ ended }) => ended),
      dropped: seconds.reduce((sum, { dropped }) => sum + dropped, 0),
    };
  }

  /** Median of the answered requests in some seconds, in milliseconds; null where there was none. */
  medianMs(from: number, to: number): number | null {
    const all = merged(
      this.#list(to)
        .slice(Math.max(0, from))
        .map(({ answered }) => answered),
    );
    return all.count === 0 ? null : all.percentile(50);
  }

  /** Values of a duration that the objective limits at which so many of the samples lie below; null: no sample, or no duration. */
  quantiles(term: number, from: number, to: number, shares: readonly number[]): readonly number[] | null {
    const values = this.#list(to)
      .slice(from)
      .flatMap(({ terms }) => terms[term]!.values ?? []);
    const all = merged(values);
    return all.count === 0 ? null : shares.map((share) => all.percentile(100 * share));
  }

  /** Requests that the target refused because one address sends too many. */
  get refused(): number {
    return [...this.#seconds.values()].reduce((sum, { refused }) => sum + refused, 0);
  }

  /** Flows that were started. */
  get started(): number {
    return [...this.#seconds.values()].reduce((sum, { started }) => sum + started, 0);
  }

  /** Cores that the load generator used, the median of some seconds. */
  cpuCores(from: number, to: number): number {
    const sorted = this.#list(to)
      .slice(from)
      .map(({ cpuCores }) => cpuCores)
      .sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }

  figures(from: number, to: number): LevelFigures {
    const window = this.#list(to).slice(from);
    const sum = (of: (second: Second) => number, seconds: Iterable<Second> = window): number =>
      [...seconds].reduce((total, second) => total + of(second), 0);
    const answered = merged(window.map((second) => second.answered));
    const length = Math.max(1, to - from);
    const every = [...this.#seconds.values()];
    const iterations = (this.#iterations as { readonly histogram: Histogram }).histogram;
    return {
      requestsPerSecond: sum(({ requests }) => requests) / length,
      p50Ms: answered.count === 0 ? null : answered.percentile(50),
      p95Ms: answered.count === 0 ? null : answered.percentile(95),
      startsPerSecond: sum(({ started }) => started) / length,
      endsPerSecond: sum(({ ended }) => ended) / length,
      ended: sum(({ ended }) => ended, every),
      paired: sum(({ paired }) => paired, every),
      flowSeconds: iterations.count === 0 ? null : iterations.mean / 1_000,
      service:
        answered.count === 0
          ? null
          : {
              ...{ perSecond: answered.count / length, meanMs: answered.mean, sdMs: deviation(answered) },
              connectMs: medianAbove0(this.#connecting),
            },
      ...(this.#ofTarget ? { cpu: this.#targetCpu(from, to) } : {}),
    };
  }

  #targetCpu(from: number, to: number): TargetCpu | null {
    const first = this.#first ?? 0;
    return this.#cpu.mean(first + from, first + to) ?? null;
  }

  #at(index: number): Second {
    let second = this.#seconds.get(index);
    if (second === undefined) this.#seconds.set(index, (second = this.#empty()));
    return second;
  }

  #empty(): Second {
    return {
      terms: this.#terms.map(({ limit }) => ({
        samples: 0,
        passes: 0,
        values: limit === null ? null : new Histogram(),
      })),
      answered: new Histogram(),
      ...{ started: 0, ended: 0, dropped: 0, paired: 0, requests: 0, refused: 0, cpuCores: 0 },
    };
  }

  #list(until: number): Second[] {
    const first = this.#first ?? 0;
    return Array.from({ length: until }, (_, at) => this.#seconds.get(first + at) ?? this.#empty());
  }

  #termsOf(series: SeriesName): readonly number[] {
    let kinds = this.#kinds.get(series);
    if (kinds === undefined) {
      kinds = this.#matches.flatMap((matches, at) => (matches(series) ? [at] : []));
      this.#kinds.set(series, kinds);
    }
    return kinds;
  }
}

function count(second: Second, { metric, tags }: SeriesName, sum: number): void {
  if (metric === 'flows') second.started += sum;
  if (metric === 'dropped_iterations') second.dropped += sum;
  if (metric === 'flow_outcomes') {
    second.ended += sum;
    if (tags['outcome'] === 'device_paired') second.paired += sum;
  }
  if (metric === 'http_reqs' && tags['peer'] === 'pf') {
    second.requests += sum;
    if (tags['status'] === TOO_MANY) second.refused += sum;
  }
}

function merged(parts: readonly Histogram[]): Histogram {
  const all = new Histogram();
  for (const part of parts) all.merge(part);
  return all;
}

const meanOf = (values: Histogram): number => (values.count === 0 ? NaN : values.mean);

/** Standard deviation; each bucket counts with its middle. */
function deviation(values: Histogram): number {
  const { count: n, positive } = values.encode();
  let sum = 0;
  for (let at = 0; at < positive.length; at += 2)
    sum += positive[at + 1]! * (middleOf(positive[at]!) - values.mean) ** 2;
  return Math.sqrt(sum / n);
}

/** Median of the values above 0: a connection that was there already took no time to open. */
function medianAbove0(values: Histogram): number | null {
  const { count: n, zero } = values.encode();
  return n === zero ? null : values.percentile(100 * (1 - (n - zero) / (2 * n)));
}

const middleOf = (key: number): number => (bucketFrom(key) + bucketFrom(key + 1)) / 2;

/** Mean of the logarithms; each bucket counts with its middle. */
function meanLog(values: Histogram): number {
  const { count: n, positive } = values.encode();
  let sum = 0;
  for (let at = 0; at < positive.length; at += 2) sum += positive[at + 1]! * Math.log(middleOf(positive[at]!));
  return n === 0 ? NaN : sum / n;
}

/** Values that are as large as a limit: the bucket that holds it (at most 1.6 % wide) counts in full. */
function countFrom({ positive }: EncodedHistogram, limit: number): number {
  let n = 0;
  for (let at = 0; at < positive.length; at += 2) if (bucketFrom(positive[at]! + 1) > limit) n += positive[at + 1]!;
  return n;
}
