/**
 * A partition of a load: which items of a numbered sequence (VUs, iterations, arrivals; from 0) belong to it. Items are
 * interleaved in a repeating pattern, not split into blocks, so that all partitions have the same shape of load.
 */
export interface Partition {
  /** How many of the first `n` items belong to it. The counts of all partitions sum to `n`. */
  readonly count: (n: number) => number;
  /** Global index of its k-th item (from 0). Only for a non-empty partition. */
  readonly index: (k: number) => number;
}

/** The whole load. */
export const UNPARTITIONED: Partition = { count: (n) => n, index: (k) => k };

/** The partition with the given places (ascending, below `period`) of every period. */
export function partitionOf(period: number, places: readonly number[]): Partition {
  const before = new Int32Array(period + 1);
  for (const place of places) before[place + 1] = 1;
  for (let at = 1; at <= period; at++) before[at]! += before[at - 1]!;
  return {
    count: (n) => Math.floor(n / period) * places.length + before[n % period]!,
    index: (k) => Math.floor(k / places.length) * period + places[k % places.length]!,
  };
}

/** Partition `at` (from 0) of `parts` equal ones. */
export function equalPartition(at: number, parts: number): Partition {
  return parts === 1 ? UNPARTITIONED : partitionOf(parts, [at]);
}

/** The partition `inner` of the partition `outer`. */
export function subPartition(outer: Partition, inner: Partition): Partition {
  if (outer === UNPARTITIONED) return inner;
  if (inner === UNPARTITIONED) return outer;
  return { count: (n) => inner.count(outer.count(n)), index: (k) => outer.index(inner.index(k)) };
}

/**
 * Work (iterations, arrivals) belongs to the partition that owns its VU: item i to VU i mod `vus`. So no partition gets
 * work without a VU, however few VUs there are. Needs at least one VU in the partition.
 */
export function workPartition(part: Partition, vus: number): Partition {
  if (part === UNPARTITIONED) return UNPARTITIONED;
  const own = part.count(vus);
  return partitionOf(
    vus,
    Array.from({ length: own }, (_, k) => part.index(k)),
  );
}

/**
 * Smooth weighted round robin: distributes the places of a period among members by weight, as evenly as whole numbers
 * allow (each place goes to the member furthest behind). Returns the member of each place. A weight is a number of
 * places; the period is their sum.
 */
export function roundRobin(weights: readonly number[]): readonly number[] {
  const period = weights.reduce((sum, weight) => sum + weight, 0);
  const credit = weights.map(() => 0);
  return Array.from({ length: period }, () => {
    let most = 0;
    weights.forEach((weight, member) => {
      credit[member]! += weight;
      if (credit[member]! > credit[most]!) most = member;
    });
    credit[most]! -= period;
    return most;
  });
}
