import { crc32 } from 'node:zlib';
import { CONTENTS, METRIC_TYPES } from '../catalogue/metrics.ts';
import type { MetricType } from '../catalogue/metrics.ts';
import { DecodeError, record, wrong } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import { Histogram } from '../contract/histogram.ts';
import { keyOfTags, trendTotal } from '../contract/series-counts.ts';
import type { Interval, NumberedInterval, SeriesCounts, SeriesName, SeriesTotal } from '../contract/series-counts.ts';
import { SHORTEST_INTERVAL_MS, lastIndex } from './run-file.ts';
import { either, named, object, says, schema, schemaDocument, tuple } from './schema.ts';
import type { Schema } from './schema.ts';

/**
 * series.jsonl: a head, then a line for each interval in which something was recorded. Lines of one interval add up, so
 * a writer never waits for late samples, and a truncated file lacks only its last line.
 *
 *     {"series":"pairstorm","version":1,"intervalMs":1000}
 *     {"i":0,"names":[[0,"http_reqs","counter","default",{"scenario":"load"}]],"counts":[[0,3,3]]}
 *
 * Each written line gets a number and a checksum (checkedLine). Series may be named again, so that a reader that lost a
 * line recovers.
 *
 * Counts by type: counter `[n,samples,sum]`; rate `[n,samples,passes]`; gauge `[n,samples,value,min,max,at]`; trend
 * `[n,count,sum,min,max,zero,[positive],[negative]]`, with buckets as key, count, key, count, …, each key but the first
 * as the difference from the previous one.
 */
export const SERIES_VERSION = 1;

/** First line of a series.jsonl. */
interface SeriesHead {
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

/** Adds the differences up in place: files are long, and the list belongs to this reader. */
function fromDifferences(cell: unknown, place: string): readonly number[] {
  const sums = list(cell, place) as number[];
  let key = 0;
  for (let at = 0; at < sums.length; at++) {
    const value = sums[at]!;
    if (!Number.isSafeInteger(value) || value < 0)
      throw wrong(`${place}[${at}]`, JSON.stringify(value), 'a whole number ≥ 0');
    if (at % 2 === 0) sums[at] = key += value;
  }
  return sums;
}

const CHECKSUM = says(
  'CRC-32 (ISO-HDLC) of the bytes of the line up to the comma before this field. Absent in older records.',
  schema.optional(schema.whole(0, 0xffff_ffff)),
);

const HEAD = object({
  series: schema.oneOf('pairstorm'),
  version: schema.oneOf(SERIES_VERSION),
  intervalMs: says('Length of an interval, in milliseconds.', schema.whole(1, 3_600_000)),
  crc: CHECKSUM,
});

const NAME = tuple(
  schema.whole(0),
  says('metric', schema.text),
  says('type', schema.oneOf(...METRIC_TYPES)),
  says('what its numbers are: plain, milliseconds, bytes', schema.oneOf(...CONTENTS)),
  says('tags', schema.recordOf(schema.text)),
);

const BUCKETS = named('buckets', {
  json: {
    description: 'key, count, key, count, …; each key after the first as the difference from the previous one',
    ...schema.listOf(schema.whole(0)).json,
  },
  decode: fromDifferences,
} satisfies Schema<readonly number[]>);

/** Counts by type: number of the series, number of samples, values. */
const PLAIN = named(
  'counterOrRate',
  says(
    'number, samples, then the sum of a counter or the non-zero samples of a rate',
    tuple(schema.whole(0), schema.whole(0), schema.number),
  ),
);
const GAUGE = named(
  'gauge',
  says(
    'number, samples, latest value, smallest, largest, Unix time of the latest in milliseconds',
    tuple(schema.whole(0), schema.whole(0), schema.number, schema.number, schema.number, schema.number),
  ),
);
const TREND = named(
  'trend',
  says(
    'number, count, sum, min, max, values below 2^-20, buckets of positive values, buckets of negative values',
    tuple(
      schema.whole(0),
      schema.whole(0),
      schema.number,
      schema.number,
      schema.number,
      schema.whole(0),
      BUCKETS,
      BUCKETS,
    ),
  ),
);

/** The line of an interval. The format of its counts depends on the type that the series was named with. */
const INTERVAL = {
  i: says(
    'Number of the interval since the start of the run, from 0; it starts within 31 days.',
    schema.whole(0, lastIndex(SHORTEST_INTERVAL_MS)),
  ),
  names: says(
    'Series introduced by this line; from here on they are known by their number.',
    schema.optional(schema.listOf(says('number, metric, type, contents, tags', NAME))),
  ),
  counts: says(
    'What each series recorded in the interval; the format depends on the type of the series.',
    schema.listOf(either(PLAIN, GAUGE, TREND)),
  ),
  n: says(
    'Number of the line; the line after the head is 1. A number that is skipped is a missing line. Absent in older records.',
    schema.optional(schema.whole(1)),
  ),
  crc: CHECKSUM,
};

/** A line of series.jsonl in JSON Schema. */
export const SERIES_SCHEMA = schemaDocument(
  `series-line:${SERIES_VERSION}`,
  `A line of series.jsonl of a Pairstorm run record, version ${SERIES_VERSION}`,
  says(
    'The first line is the head, every other one an interval. Lines of the same interval add up.',
    either(named('head', HEAD), named('interval', object(INTERVAL))),
  ),
);

/** Maximum number of series in a file: more than any run has; bounds a hostile file. */
const MOST_SERIES = 1_000_000;

/** Reads a series.jsonl line by line. */
export interface SeriesReader {
  readonly head: () => SeriesHead | undefined;
  /**
   * The interval on a line; undefined for the head. Throws a DecodeError that names the place; to skip such a line,
   * call `lacks` before the next one.
   */
  readonly read: (line: string) => Interval | undefined;
  /**
   * Notes that lines are missing: `head` is used if none was read, and counts of series named on missing lines are
   * dropped and counted.
   */
  readonly lacks: (head: SeriesHead) => void;
  /** Number of counts dropped. */
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
        const { version, intervalMs } = HEAD.decode(value, place);
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
  const { i, names: named, counts } = record(value, place);
  const index = schema.whole(0, last).decode(i, `${place}: i`);
  for (const [number, metric, type, contains, tags] of INTERVAL.names.decode(named, `${place}: names`) ?? []) {
    if (names.size >= MOST_SERIES) throw new DecodeError(`${place} names more than ${MOST_SERIES} series`);
    const name = { metric, type, contains, tags };
    const before = names.get(number);
    if (before === undefined || !isSame(before, name)) names.set(number, name);
  }
  const recorded = list(counts, `${place}: counts`).flatMap((cell, at) => {
    const where = `${place}: counts[${at}]`;
    const [number] = list(cell, where);
    const series = names.get(number as number);
    if (series !== undefined) return [[series, TOTALS[series.type](cell, where)] as const];
    unknown(where, number);
    return [];
  });
  return { index, recorded };
}

/** A series named again keeps its object: readers identify series by it. */
function isSame(a: SeriesName, b: SeriesName): boolean {
  return (
    a.metric === b.metric && a.type === b.type && a.contains === b.contains && keyOfTags(a.tags) === keyOfTags(b.tags)
  );
}

/** Decoders of counts by type. */
const TOTALS: Readonly<Record<MetricType, Decoder<SeriesTotal>>> = {
  counter(cell, place) {
    const [, samples, sum] = PLAIN.decode(cell, place);
    return { samples, sum };
  },
  rate(cell, place) {
    const [, samples, passes] = PLAIN.decode(cell, place);
    return { samples, passes: atMost(samples, passes, `${place}[2]`) };
  },
  gauge(cell, place) {
    const [, samples, value, min, max, at] = GAUGE.decode(cell, place);
    return { samples, value, min, max, at };
  },
  trend(cell, place) {
    const [, count, sum, min, max, zero, positive, negative] = TREND.decode(cell, place);
    atMost(count, zero, `${place}[5]`);
    if (min > max) throw new DecodeError(`${place}: its smallest value, ${min}, is larger than its largest, ${max}`);
    try {
      return trendTotal(Histogram.decode({ count, sum, min, max, zero, positive, negative }));
    } catch (error) {
      throw new DecodeError(`${place}: ${(error as Error).message}`);
    }
  },
};

/** A count that is part of another. */
function atMost(most: number, count: number, place: string): number {
  return schema.whole(0, most).decode(count, place);
}

function list(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new DecodeError(`${place} is not a list`);
  return value;
}

/**
 * Adds the number (`n`, from 1; the head has none) and the CRC-32 of the bytes before it (`crc`) to a line. A skipped
 * number is a missing line, never written or deleted; a wrong checksum is a changed line.
 *
 *     {"i":0,"counts":[[0,3,3]],"n":1,"crc":1234567890}
 */
export function checkedLine(line: string, number?: number): string {
  const body = `${line.slice(0, -1)}${number === undefined ? '' : `,"n":${number}`}`;
  return `${body},"crc":${crc32(body)}}`;
}

/** Number and checksum of a line. */
interface LineCheck {
  /** Undefined for the head. */
  readonly number: number | undefined;
  /** The checksum matches. */
  readonly whole: boolean;
}

const CHECK = /(?:,"n":(\d{1,15}))?,"crc":(\d{1,10})\}$/;
/** Longer than any match. */
const TAIL = 60;

/** The check of a line; undefined if it has none. */
export function checkOf(line: string): LineCheck | undefined {
  const found = CHECK.exec(line.slice(-TAIL));
  if (found === null) return undefined;
  const [, number, crc] = found;
  const body = line.slice(0, line.lastIndexOf(',"crc":'));
  return { number: number === undefined ? undefined : Number(number), whole: crc32(body) === Number(crc) };
}
