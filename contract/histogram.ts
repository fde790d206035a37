/**
 * A histogram that merges exactly: log-linear buckets, 64 per octave, addressed by the top bits of the IEEE 754 double,
 * so that the bucket of a value does not depend on other values. Like HdrHistogram (http://hdrhistogram.org), with
 * doubles instead of integers.
 *
 * Error: a value read back is within 1/128 (0.79 %) of a recorded value; minimum, maximum, sum and count are exact.
 * Magnitudes below 2^-20 count as zero, above 2^43 as 2^43 (minimum and maximum stay exact).
 * Memory: four bytes per bucket between the smallest and the largest, at most 4,033 per sign; eight once a bucket holds 2^32.
 */

/** Base-2 logarithm of the number of buckets per octave. */
export const SUB_BUCKET_BITS = 6;

/** Relative error bound of values read back. */
export const HISTOGRAM_RELATIVE_ERROR = 1 / 128;

const SHIFT = 20 - SUB_BUCKET_BITS;
const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 1 : 0;
const LOWEST_KEY = keyOf(2 ** -20);
const HIGHEST_KEY = keyOf(2 ** 43);
const LARGEST_UINT32 = 2 ** 32 - 1;

function keyOf(magnitude: number): number {
  double[0] = magnitude;
  return words[HIGH_WORD]! >>> SHIFT;
}

/** Lower bound of the bucket with this key (of an encoded histogram); its upper bound is that of the next key. */
export function bucketFrom(key: number): number {
  words[1 - HIGH_WORD] = 0;
  words[HIGH_WORD] = key << SHIFT;
  return double[0]!;
}

/** Middle of a bucket. */
function middleOf(key: number): number {
  return (bucketFrom(key) + bucketFrom(key + 1)) / 2;
}

/** Counts of one sign: a window of buckets that grows as needed. */
class Buckets {
  first = 0;
  counts: Uint32Array | Float64Array = new Uint32Array(0);

  add(key: number, count: number): void {
    let at = key - this.first;
    if (at < 0 || at >= this.counts.length) {
      this.#grow(key);
      at = key - this.first;
    }
    const sum = this.counts[at]! + count;
    if (sum > LARGEST_UINT32 && this.counts instanceof Uint32Array) this.counts = Float64Array.from(this.counts);
    this.counts[at] = sum;
  }

  /** Allocates memory for an encoded histogram at once. */
  reserve(pairs: readonly number[]): void {
    if (this.counts.length > 0 || pairs.length < 2) return;
    const high = pairs[pairs.length - 2]!;
    this.first = Math.min(pairs[0]!, high);
    this.counts = new Uint32Array(Math.abs(high - pairs[0]!) + 1);
  }

  #grow(key: number): void {
    const empty = this.counts.length === 0;
    const low = Math.max(LOWEST_KEY, Math.min(empty ? key : this.first, key - 32));
    const high = Math.min(HIGHEST_KEY, Math.max(empty ? key : this.first + this.counts.length - 1, key + 32));
    const grown =
      this.counts instanceof Uint32Array ? new Uint32Array(high - low + 1) : new Float64Array(high - low + 1);
    if (!empty) grown.set(this.counts, this.first - low);
    this.first = low;
    this.counts = grown;
  }
}

/** A histogram as JSON: counts by bucket as `[key, count, key, count, …]`, keys ascending. */
export interface EncodedHistogram {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  readonly zero: number;
  readonly positive: readonly number[];
  readonly negative: readonly number[];
}

/** See the top of this file. Values are plain numbers; the unit is the caller's. */
export class Histogram {
  count = 0;
  sum = 0;
  min = Infinity;
  max = -Infinity;
  #zero = 0;
  readonly #positive = new Buckets();
  readonly #negative = new Buckets();

  /** Counts one finite value. */
  record(value: number): void {
    this.count++;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.#addKey(value, 1);
  }

  #addKey(value: number, count: number): void {
    const key = keyOf(value < 0 ? -value : value);
    if (key < LOWEST_KEY) this.#zero += count;
    else (value < 0 ? this.#negative : this.#positive).add(key > HIGHEST_KEY ? HIGHEST_KEY : key, count);
  }

  /** Adds the counts of another histogram, as if both streams had been recorded into one. */
  merge(other: Histogram): void {
    this.count += other.count;
    this.sum += other.sum;
    if (other.min < this.min) this.min = other.min;
    if (other.max > this.max) this.max = other.max;
    this.#zero += other.#zero;
    for (const [mine, theirs] of [
      [this.#positive, other.#positive],
      [this.#negative, other.#negative],
    ] as const) {
      const { first, counts } = theirs;
      for (let at = 0; at < counts.length; at++) if (counts[at]! > 0) mine.add(first + at, counts[at]!);
    }
  }

  /** Adds an encoded histogram. Throws a `RangeError` and adds nothing if it is inconsistent. */
  mergeEncoded(encoded: EncodedHistogram): void {
    checkEncoded(encoded);
    const { count, sum, min, max, zero, positive, negative } = encoded;
    this.#positive.reserve(positive);
    this.#negative.reserve(negative);
    for (let i = 0; i + 1 < positive.length; i += 2) this.#positive.add(positive[i]!, positive[i + 1]!);
    for (let i = 0; i + 1 < negative.length; i += 2) this.#negative.add(negative[i]!, negative[i + 1]!);
    this.#zero += zero;
    this.count += count;
    this.sum += sum;
    if (count > 0) {
      if (min < this.min) this.min = min;
      if (max > this.max) this.max = max;
    }
  }

  /** Resets all counts but keeps the memory for reuse. */
  clear(): void {
    this.count = this.sum = this.#zero = 0;
    this.min = Infinity;
    this.max = -Infinity;
    this.#positive.counts.fill(0);
    this.#negative.counts.fill(0);
  }

  /** Arithmetic mean; 0 when empty. */
  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }

  /**
   * Percentile p (0 to 100) by linear interpolation at rank p/100 · (n − 1), as k6 does (k6-contract.md 4.1);
   * 0 when empty. p = 0 and p = 100 are exact.
   */
  percentile(p: number): number {
    if (this.count === 0) return 0;
    const rank = (p / 100) * (this.count - 1);
    const below = Math.floor(rank);
    const low = this.#valueAt(below);
    return rank === below ? low : low + (rank - below) * (this.#valueAt(below + 1) - low);
  }

  /** Value of the 0-based rank in ascending order. */
  #valueAt(rank: number): number {
    if (rank <= 0) return this.min;
    if (rank >= this.count - 1) return this.max;
    return Math.min(this.max, Math.max(this.min, this.#middleAt(rank)));
  }

  #middleAt(rank: number): number {
    let seen = 0;
    const { first, counts } = this.#negative;
    for (let at = counts.length - 1; at >= 0; at--) {
      seen += counts[at]!;
      if (seen > rank) return -middleOf(first + at);
    }
    seen += this.#zero;
    if (seen > rank) return 0;
    const positive = this.#positive;
    for (let at = 0; at < positive.counts.length; at++) {
      seen += positive.counts[at]!;
      if (seen > rank) return middleOf(positive.first + at);
    }
    return this.max;
  }

  /** The histogram as JSON. */
  encode(): EncodedHistogram {
    const list = ({ first, counts }: Buckets): number[] => {
      const pairs: number[] = [];
      // Not `forEach`, for which V8 makes an object of each number.
      for (let at = 0; at < counts.length; at++) if (counts[at]! > 0) pairs.push(first + at, counts[at]!);
      return pairs;
    };
    return {
      count: this.count,
      sum: this.sum,
      min: this.count === 0 ? 0 : this.min,
      max: this.count === 0 ? 0 : this.max,
      zero: this.#zero,
      positive: list(this.#positive),
      negative: list(this.#negative),
    };
  }

  /** Decodes what `encode` returned. Throws a `RangeError` if the counts are inconsistent. */
  static decode(encoded: EncodedHistogram): Histogram {
    const histogram = new Histogram();
    histogram.mergeEncoded(encoded);
    return histogram;
  }
}

/** Throws a RangeError for an invalid bucket, or if the buckets do not add up to the count. */
function checkEncoded({ count, zero, positive, negative }: EncodedHistogram): void {
  if (!(zero >= 0)) throw new RangeError(`histogram: zero is ${zero}; a count cannot be negative`);
  let counted = zero;
  for (const pairs of [positive, negative]) {
    if (pairs.length % 2 !== 0) throw new RangeError('histogram: the last key of a list of buckets has no count');
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i]!;
      if (!Number.isInteger(key) || key < LOWEST_KEY || key > HIGHEST_KEY) {
        throw new RangeError(`histogram: no bucket has the key ${key}`);
      }
      const held = pairs[i + 1]!;
      if (!(held >= 0))
        throw new RangeError(`histogram: bucket ${key} holds ${held} values; a count cannot be negative`);
      counted += held;
    }
  }
  if (counted !== count) throw new RangeError(`histogram: the buckets hold ${counted} values, count says ${count}`);
}
