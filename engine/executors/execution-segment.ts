import { ConfigurationError } from '../../contract/configuration-error.ts';
import { invalidOption } from '../option-fields.ts';
import type { ReadOption } from '../option-fields.ts';
import { UNPARTITIONED, roundRobin, partitionOf } from './partition.ts';
import type { Partition } from './partition.ts';

/** An exact fraction between 0 and 1. */
interface Fraction {
  readonly over: number;
  readonly under: number;
}

/** The part of the whole test that an instance runs (`executionSegment`). */
interface Segment {
  readonly from: Fraction;
  readonly to: Fraction;
}

/** Maximum number of places in a period, which are distributed one by one. */
const MOST_CELLS = 10_000;

/** `1/3`, `0.25`, `25%`, `0`, `1`. */
function fraction(text: string, place: string, whole: unknown): Fraction {
  const match = /^(?:(\d{1,5})\/(\d{1,5})|(\d)(?:\.(\d{1,4}))?|(\d{1,3})%)$/.exec(text.trim());
  const [, over, under, ones, decimals = '', percent] = match ?? [];
  const raw =
    over !== undefined
      ? { over: Number(over), under: Number(under) }
      : ones !== undefined
        ? { over: Number(ones + decimals), under: 10 ** decimals.length }
        : { over: Number(percent), under: 100 };
  if (match === null || raw.under === 0 || raw.over > raw.under) {
    throw invalidOption(place, whole, 'fractions from 0 to 1, such as 1/4, 0.25 or 25%');
  }
  const divisor = gcd(raw.over, raw.under);
  return { over: raw.over / divisor, under: raw.under / divisor };
}

/** Reads `executionSegment`: `from:to`, or only `to`, starting at 0. Throws a ConfigurationError. */
export const segment: ReadOption<Segment> = (value, place) => {
  const parts = typeof value === 'string' ? value.split(':') : [];
  if (parts.length < 1 || parts.length > 2) throw invalidOption(place, value, 'from:to, such as 1/4:1/2');
  const from = parts.length === 1 ? { over: 0, under: 1 } : fraction(parts[0]!, place, value);
  const to = fraction(parts.at(-1)!, place, value);
  if (!isLess(from, to)) throw invalidOption(place, value, 'from:to with from < to');
  return { from, to };
};

/** Reads `executionSegmentSequence`: `0,1/4,1/2,1`. Throws a ConfigurationError. */
export const segmentSequence: ReadOption<readonly Fraction[]> = (value, place) => {
  if (typeof value !== 'string')
    throw invalidOption(place, value, 'the boundaries of all segments, such as 0,1/4,1/2,1');
  const borders = value.split(',').map((part) => fraction(part, place, value));
  const last = borders.at(-1)!;
  const rising = borders.every((border, at) => at === 0 || isLess(borders[at - 1]!, border));
  if (borders.length < 2 || borders[0]!.over !== 0 || last.over !== last.under || !rising) {
    throw invalidOption(place, value, 'increasing boundaries from 0 to 1, such as 0,1/4,1/2,1');
  }
  return borders;
};

/**
 * The partition of an instance. All instances of a test must get the same sequence; without one the test is divided
 * into equal cells of the segment's common denominator, which is the same for all instances with equally fine segments.
 * Throws a ConfigurationError if both options do not match.
 */
export function segmentPartition(own: Segment | undefined, sequence: readonly Fraction[] | undefined): Partition {
  if (own === undefined) {
    if (sequence === undefined) return UNPARTITIONED;
    throw new ConfigurationError(
      'options.executionSegmentSequence defines the segments, but not which of them this is; set executionSegment too',
    );
  }
  const given = sequence ?? [own.from, own.to];
  const cells = given.reduce((product, { under }) => (product * under) / gcd(product, under), 1);
  if (cells > MOST_CELLS) {
    throw new ConfigurationError(
      `options.executionSegment: the common denominator of the fractions is ${cells}; the maximum is ${MOST_CELLS}`,
    );
  }
  const inCells = ({ over, under }: Fraction): number => (over * cells) / under;
  const borders = sequence === undefined ? Array.from({ length: cells + 1 }, (_, at) => at) : sequence.map(inCells);
  const first = borders.indexOf(inCells(own.from));
  const end = borders.indexOf(inCells(own.to));
  if (first < 0 || end < 0) {
    throw new ConfigurationError(
      'options.executionSegment does not start and end at boundaries of executionSegmentSequence; use boundaries that it lists',
    );
  }
  if (end - first === borders.length - 1) return UNPARTITIONED;
  const pattern = roundRobin(borders.slice(1).map((border, at) => border - borders[at]!));
  const places = pattern.flatMap((member, place) => (member >= first && member < end ? [place] : []));
  return partitionOf(pattern.length, places);
}

function isLess(a: Fraction, b: Fraction): boolean {
  return a.over * b.under < b.over * a.under;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
