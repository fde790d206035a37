import fc from 'fast-check';
import { expect, test } from 'vitest';
import { uniformNumbers } from '../../../contract/draw.ts';
import { isSameMix, mixBound, partsOf } from '../../../analysis/planning/mix.ts';

/** Kinds of flows over resources: how often (or how long) a flow of a kind is at each, and the limit of the whole. */
interface Network {
  /** The rate from which a mix no longer meets the objective. */
  readonly limit: (shares: readonly number[]) => number;
  readonly kinds: number;
}

/** Where a rising condition stops to hold. */
function largest(holds: (rate: number) => boolean): number {
  let high = 1;
  while (holds(high)) high *= 2;
  let low = 0;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** Share of the requests at an M/M/c queue that take longer than t: docs/methods.md, "How often it is right". */
function slow(workers: number, mu: number, rate: number, t: number): number {
  const a = rate / mu;
  let [term, sum] = [1, 1];
  for (let k = 1; k < workers; k++) sum += term *= a / k;
  term *= a / workers;
  const queued = (term * workers) / (workers - a) / (sum + (term * workers) / (workers - a));
  const free = workers - 1 - a;
  const more = Math.abs(free) < 1e-9 ? mu * t : (1 - Math.exp(-mu * t * free)) / free;
  return Math.min(1, Math.exp(-mu * t) * (1 + queued * more));
}

/** A random network: what limits it is how busy a resource may be, the mean time of a flow, or the share of slow requests. */
function network(seed: number): Network {
  const next = uniformNumbers(seed);
  const between = (from: number, to: number): number => from + next() * (to - from);
  const whole = (from: number, to: number): number => Math.floor(between(from, to + 1));
  const [kinds, resources] = [whole(2, 4), whole(1, 6)];
  // Each kind needs something of each resource, or nothing.
  const demands = Array.from({ length: kinds }, () =>
    Array.from({ length: resources }, () => (next() < 0.3 ? 0 : between(0.01, 1) ** 2)),
  );
  for (const demand of demands) demand[whole(0, resources - 1)]! += 0.05;
  const of = (shares: readonly number[]): number[] =>
    Array.from({ length: resources }, (_, r) => shares.reduce((sum, s, j) => sum + s * demands[j]![r]!, 0));
  const objective = seed % 3;
  if (objective === 0) {
    const most = Array.from({ length: resources }, () => between(0.5, 1));
    return { kinds, limit: (shares) => Math.min(...of(shares).map((d, r) => (d === 0 ? Infinity : most[r]! / d))) };
  }
  if (objective === 1) {
    // Processor sharing, product form: a resource holds ρ/(1 − ρ) flows. The limit leaves room for each kind alone.
    const longest = Math.max(...demands.map((demand) => demand.reduce((sum, d) => sum + d, 0))) * between(1.2, 10);
    const time = (mixed: readonly number[], rate: number): number =>
      mixed.reduce((sum, d) => sum + (rate * d >= 1 ? Infinity : d / (1 - rate * d)), 0);
    return { kinds, limit: (shares) => largest((rate) => time(of(shares), rate) < longest) };
  }
  const stations = Array.from({ length: resources }, () => ({ workers: whole(1, 16), mu: between(0.5, 2) }));
  const allowed = between(0.01, 0.2);
  const t = (Math.log(1 / allowed) / Math.min(...stations.map(({ mu }) => mu))) * between(1.1, 4);
  // A station that piles up breaks a level, however few of the requests are at it.
  const holds = (visits: readonly number[], rate: number): boolean =>
    visits.every((v, r) => rate * v < stations[r]!.workers * stations[r]!.mu) &&
    visits.reduce((sum, v, r) => sum + v * slow(stations[r]!.workers, stations[r]!.mu, rate * v, t), 0) <
      allowed * visits.reduce((sum, v) => sum + v, 0);
  return { kinds, limit: (shares) => largest((rate) => holds(of(shares), rate)) };
}

test('the bound for a mix is never above what a network of queues takes, in 1,000 of them', () => {
  let together = 0;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), (seed) => {
      const { kinds, limit } = network(seed);
      const next = uniformNumbers(seed + 1);
      const raw = Array.from({ length: kinds }, () => next() + 1e-3);
      const total = raw.reduce((sum, s) => sum + s, 0);
      const shares = raw.map((s) => s / total);
      const alone = shares.map((_, kind) => limit(shares.map((__, at) => Number(at === kind))));
      const [bound, truth] = [mixBound(alone.map((rate, kind) => ({ rate, share: shares[kind]! }))), limit(shares)];
      together += bound / truth;
      return bound > 0 && bound <= truth * (1 + 1e-9);
    }),
    { numRuns: 1_000, seed: 24 },
  );
  // And it is of use: on average it gives away less than a third.
  expect(together / 1_000).toBeGreaterThan(2 / 3);
});

test('one resource that limits all kinds makes it exact', () => {
  // 10 ms and 30 ms of one CPU: 100/s and 33.3/s alone, of half and half 50/s.
  expect(
    mixBound([
      { share: 0.5, rate: 100 },
      { share: 0.5, rate: 100 / 3 },
    ]),
  ).toBeCloseTo(50, 10);
});

const MIXES = [0, 0.3, 1].map((pairingShare) => ({ pairingShare, flows: 20_000 }));

test('a mix is made of the nearest on both sides, or is one of them', () => {
  expect(partsOf(MIXES, 0.3)).toEqual([{ mix: MIXES[1], share: 1 }]);
  const parts = partsOf(MIXES, 0.65);
  expect(parts.map(({ mix }) => mix.pairingShare)).toEqual([0.3, 1]);
  expect(parts.map(({ share }) => share)).toEqual([expect.closeTo(0.5, 10), expect.closeTo(0.5, 10)]);
});

test('a mix beyond the measured ones is refused, with what to run', () => {
  expect(() => partsOf(MIXES.slice(0, 2), 0.6)).toThrow(
    /^--pairings 60 %: the answers are of sign-ins of which 0 %, 30 % pair a device; measure that mix, or one with more pairings: pairstorm capacity/,
  );
  expect(() => partsOf(MIXES.slice(1), 0.1)).toThrow('one with fewer pairings');
});

test('shares that chance may have made of one mix are one, and those five points apart are not, however few flows say so', () => {
  expect(isSameMix({ pairingShare: 0.3, flows: 400 }, { pairingShare: 0.34, flows: 400 })).toBe(true);
  expect(isSameMix({ pairingShare: 0.3, flows: 40_000 }, { pairingShare: 0.34, flows: 40_000 })).toBe(false);
  expect(isSameMix({ pairingShare: 0.3, flows: 10 }, { pairingShare: 0.4, flows: 10 })).toBe(false);
});
