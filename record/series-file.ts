import { DecodeError, oneOf, optional, record, shape, text, whole } from '../contract/decode.ts';
import { Histogram } from '../contract/histogram.ts';
import type { Interval, NamedSeries, NumberedInterval, SeriesName } from '../contract/interval.ts';
import { keyOfTags, trendTotal } from '../contract/series-counts.ts';
import { CONTENTS, METRIC_TYPES } from '../catalogue/metrics.ts';
import type { SeriesCounts, SeriesTotal } from '../contract/series-counts.ts';
import type { MetricType } from '../catalogue/metrics.ts';
import { lastIndex } from './longest-run.ts';

/**
 * series.jsonl: a head, then a line for each interval in which something was recorded. Lines of one interval add up, so a
 * writer never has to wait for what comes late, and a file that ends in mid-line lacks that line only.
 *
 *     {"series":"pairstorm","version":1,"intervalMs":1000}
 *     {"i":0,"names":[[0,"http_reqs","counter","default",{"scenario":"load"}]],"counts":[[0,3,3]]}
 *
 * Where it is written, each line gets its number and a checksum (record/checked-line.ts). A series may be named again, so that a
 * reader that lost a line knows it from there on.
 *
 * Counts by type: counter `[n,samples,sum]`; rate `[n,samples,passes]`; gauge `[n,samples,value,min,max,at]`; trend
 * `[n,count,sum,min,max,zero,[positive],[negative]]`, its buckets as key, count, key, count, …, each key but the first as the
 * difference to the one before.
 */
export const SERIES_VERSION = 1;

/** First line of a series.jsonl. */
export interface SeriesHead {
  readonly version: number;
  /** Length of an interval, in milliseconds. */
  readonly intervalMs: number;
}

/** The first line, without a line break. */
export function encodeSeriesHead(intervalMs: number): string {
  return JSON.stringify({ series: 'pairstorm', version: SERIES_VERSION, intervalMs });
}

/** The line of an interval, without a line break. */
export function encodeInterval({ index, named, recorded }: NumberedInterval): string {
  return JSON.stringify({
    i: index,
    ...(named.length === 0
      ? {}
      : { names: named.map(({ number, metric, type, contains, tags }) => [number, metric, type, contains, tags]) }),
    counts: recorded.map(([number, counts]) => [number, ...cells(counts)]),
  });
}

function cells(counts: SeriesCounts): unknown[] {
  if ('positive' in counts) {
    const { count, sum, min, max, zero, positive, negative } = counts;
    return [count, sum, min, max, zero, differences(positive), differences(negative)];
  }
  if ('sum' in counts) return [counts.samples, counts.sum];
  if ('passes' in counts) return [counts.samples, counts.passes];
  return [counts.samples, counts.value, counts.min, counts.max, counts.at];
}

function differences(pairs: readonly number[]): readonly number[] {
  return pairs.map((value, at) => (at % 2 === 0 && at >= 2 ? value - pairs[at - 2]! : value));
}

/** Adds the differences up again, in place: files are long, and the list is this reader's own. */
function fromDifferences(cell: unknown, place: string): readonly number[] {
  const pairs = list(cell, place);
  let key = 0;
  const sums = pairs as number[];
  for (let at = 0; at < sums.length; at++) {
    const value: unknown = sums[at];
    if (!Number.isSafeInteger(value) || (value as number) < 0)
      throw new DecodeError(`${place}[${at}] is ${JSON.stringify(value)}; expected a whole number ≥ 0`);
    if (at % 2 === 0) sums[at] = key += value as number;
  }
  return sums;
}

const decodeHead = shape<SeriesHead & { series: 'pairstorm'; crc?: number | undefined }>({
  series: oneOf('pairstorm'),
  version: whole(1, SERIES_VERSION),
  intervalMs: whole(1, 3_600_000),
  crc: optional(whole(0, 0xffff_ffff)),
});

/** Most series of a file: more than any run has, and a bound for what a hostile file may ask for. */
const MOST_SERIES = 1_000_000;

/** Reads a series.jsonl line by line. */
export interface SeriesReader {
  readonly head: () => SeriesHead | undefined;
  /**
   * The interval on a line; undefined for the head. Throws a DecodeError that names the place. Whoever passes over such a line
   * goes on with the next one, and calls `lacks` before it.
   */
  readonly read: (line: string) => Interval | undefined;
  /**
   * Lines are missing: a head that was not read is this one, and counts of series that were named on a line which is missing are
   * left out and counted.
   */
  readonly lacks: (head: SeriesHead) => void;
  /** Counts that were left out. */
  readonly leftOut: () => number;
}

/** A reader for one file; `source` names it in messages. */
export function seriesReader(source: string): SeriesReader {
  const names = new Map<number, SeriesName>();
  let head: SeriesHead | undefined;
  let number = 0;
  let lossy = false;
  let leftOut = 0;
  const unknown = (where: string, series: unknown): void => {
    if (!lossy) throw new DecodeError(`${where}: no series has the number ${JSON.stringify(series)}`);
    leftOut++;
  };
  return {
    head: () => head,
    leftOut: () => leftOut,
    lacks(assumed) {
      lossy = true;
      head ??= assumed;
    },
    read(line) {
      const place = `${source}: line ${++number}`;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new DecodeError(`${place} is not JSON; expected ${number === 1 ? 'its head' : 'an interval'}`);
      }
      if (head === undefined) {
        const { version, intervalMs } = decodeHead(value, place);
        head = { version, intervalMs };
        return undefined;
      }
      return decodeInterval(value, place, names, lastIndex(head.intervalMs), unknown);
    },
  };
}

function decodeInterval(
  value: unknown,
  place: string,
  names: Map<number, SeriesName>,
  last: number,
  unknown: (where: string, series: unknown) => void,
): Interval {
  const { i, names: named = [], counts } = record(value, place);
  const index = whole(0, last)(i, `${place}: i`);
  for (const [at, cell] of list(named, `${place}: names`).entries()) {
    const series = decodeName(cell, `${place}: names[${at}]`);
    if (names.size >= MOST_SERIES) throw new DecodeError(`${place} names more than ${MOST_SERIES} series`);
    const { number, ...name } = series;
    const before = names.get(number);
    if (before === undefined || !isSame(before, name)) names.set(number, name);
  }
  const recorded = list(counts, `${place}: counts`).flatMap((cell, at) => {
    const where = `${place}: counts[${at}]`;
    const [number, ...rest] = list(cell, where);
    const series = names.get(number as number);
    if (series !== undefined) return [[series, DECODE_COUNTS[series.type](rest, where)] as const];
    unknown(where, number);
    return [];
  });
  return { index, recorded };
}

/** A series that is named again is the same object: readers know it by that. */
function isSame(a: SeriesName, b: SeriesName): boolean {
  return (
    a.metric === b.metric && a.type === b.type && a.contains === b.contains && keyOfTags(a.tags) === keyOfTags(b.tags)
  );
}

const decodeTags = (value: unknown, place: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(record(value, place)).map(([tag, tagged]) => [tag, text(tagged, `${place}.${tag}`)]),
  );

function decodeName(cell: unknown, place: string): NamedSeries {
  const [number, metric, type, contains, tags] = list(cell, place);
  return {
    number: whole(0)(number, `${place}[0]`),
    metric: text(metric, `${place}[1]`),
    type: oneOf(...METRIC_TYPES)(type, `${place}[2]`),
    contains: oneOf(...CONTENTS)(contains, `${place}[3]`),
    tags: decodeTags(tags, `${place}[4]`),
  };
}

const DECODE_COUNTS: Readonly<Record<MetricType, (cells: readonly unknown[], place: string) => SeriesTotal>> = {
  counter(cells, place) {
    const [samples, sum] = numbers(cells, 2, place);
    return { samples: whole(0)(samples, `${place}[1]`), sum: sum! };
  },
  rate(cells, place) {
    const [samples, passes] = numbers(cells, 2, place);
    return { samples: whole(0)(samples, `${place}[1]`), passes: whole(0, samples)(passes, `${place}[2]`) };
  },
  gauge(cells, place) {
    const [samples, value, min, max, at] = numbers(cells, 5, place);
    return { samples: whole(0)(samples, `${place}[1]`), value: value!, min: min!, max: max!, at: at! };
  },
  trend(cells, place) {
    const [count, sum, min, max, zero] = numbers(cells, 5, place);
    whole(0)(count, `${place}[1]`);
    whole(0, count)(zero, `${place}[5]`);
    if (min! > max!) throw new DecodeError(`${place}: its smallest value, ${min}, is larger than its largest, ${max}`);
    const positive = fromDifferences(cells[5], `${place}[6]`);
    const negative = fromDifferences(cells[6], `${place}[7]`);
    try {
      const encoded = { count: count!, sum: sum!, min: min!, max: max!, zero: zero!, positive, negative };
      return trendTotal(Histogram.decode(encoded));
    } catch (error) {
      throw new DecodeError(`${place}: ${(error as Error).message}`);
    }
  },
};

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new DecodeError(`${place} is no list`);
  return value;
}

function numbers(cells: readonly unknown[], count: number, place: string): number[] {
  for (let at = 0; at < count; at++) {
    // 1e999 is JSON, and Infinity.
    if (!Number.isFinite(cells[at]))
      throw new DecodeError(`${place}[${at + 1}] is ${String(cells[at]).slice(0, 60)}; expected a finite number`);
  }
  return cells.slice(0, count) as number[];
}
