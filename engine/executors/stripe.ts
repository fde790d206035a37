/**
 * A part of a load, as the share of a numbered row (VUs, iterations, arrivals; from 0) that falls to it. Things are dealt
 * in a repeating pattern, not cut into blocks, so that every part sees the same shape of load.
 */
export interface Stripe {
  /** How many of the first `n` fall to this part. The counts of all parts add up to `n`. */
  readonly count: (n: number) => number;
  /** The number in the whole row of this part's k-th (from 0). Only for a part that gets anything. */
  readonly index: (k: number) => number;
}

/** The part that is all of it. */
export const WHOLE: Stripe = { count: (n) => n, index: (k) => k };

/** The stripe that takes the given places (ascending, below `period`) of every period. */
export function stripeOf(period: number, places: readonly number[]): Stripe {
  const before = new Int32Array(period + 1);
  for (const place of places) before[place + 1] = 1;
  for (let at = 1; at <= period; at++) before[at]! += before[at - 1]!;
  return {
    count: (n) => Math.floor(n / period) * places.length + before[n % period]!,
    index: (k) => Math.floor(k / places.length) * period + places[k % places.length]!,
  };
}

/** Part `at` (from 0) of `parts` equal ones. */
export function equalPart(at: number, parts: number): Stripe {
  return parts === 1 ? WHOLE : stripeOf(parts, [at]);
}

/** The part `inner` of the part `outer`. */
export function partOfPart(outer: Stripe, inner: Stripe): Stripe {
  if (outer === WHOLE) return inner;
  if (inner === WHOLE) return outer;
  return { count: (n) => inner.count(outer.count(n)), index: (k) => outer.index(inner.index(k)) };
}

/**
 * Work (iterations, arrivals) falls to who owns the VUs for it: the i-th to VU i mod `vus`. So no part gets work without a
 * VU, however few VUs there are. Needs a part with at least one of the VUs.
 */
export function workOf(part: Stripe, vus: number): Stripe {
  if (part === WHOLE) return WHOLE;
  const own = part.count(vus);
  return stripeOf(
    vus,
    Array.from({ length: own }, (_, k) => part.index(k)),
  );
}

/**
 * Deals a period among members by their weights, as evenly as whole numbers allow (smooth weighted round robin: each
 * place goes to the member that is furthest behind its due). Gives the member of each place; a weight is its number of
 * places, and the period is their sum.
 */
export function dealt(weights: readonly number[]): readonly number[] {
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
