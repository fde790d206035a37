import { isSteady, requestsPerFlow } from './utilisation.ts';
import type { ModelLevel } from './utilisation.ts';

/** A queue M/G/c that behaves as the target did. */
export interface EquivalentWorkers {
  readonly workers: number;
  /** Mean time that a request holds a worker. */
  readonly serviceMs: number;
  /** Requests per second that all workers together serve. */
  readonly mostPerSecond: number;
  /** Levels that it was compared with. */
  readonly levels: number;
}

/** Why the target is no such queue, or nobody can tell. */
export type NoWorkers =
  /** No level was overloaded, so what is served at most is not known. */
  | 'not-saturated'
  /** Fewer requests were served in the overload than below it. */
  | 'collapsed'
  /** No level was so quiet that nobody waited. */
  | 'not-quiet'
  /** Too few levels between quiet and full. */
  | 'too-few'
  /** Requests waited longer, or not as long, as in such a queue. */
  | 'other-waits';

/** Part of the requests asked for that an overloaded level serves at most: so its throughput is the target's. */
const FLATTENED = 0.95;
/** How far the throughput of an overload may lie below the best of the other levels. */
const COLLAPSED = 0.95;
/** Load up to which the mean time is that of the service: hardly anybody waits. */
const QUIET = 0.4;
/** Loads at which waits can be compared: some are there, and they are not yet all chance. */
const COMPARED = [0.3, 0.95] as const;
const FEWEST_LEVELS = 3;
/** How far waits may be off, as a logarithm; and in standard errors of the quiet level's mean, below which no wait shows. */
const OFF = 0.3;
const OFF_ERRORS = 3;
/** Part of a request that may be the round trip: a slow handshake is not one. */
const MOST_ROUND_TRIP = 0.9;
/** Steps in which the wait of the quiet level is taken out of its service time. */
const STEPS = 20;

/** Erlang's C: the probability of waiting at c workers with a load of a < c (A. K. Erlang, 1917), by the recursion for B. */
export function erlangC(c: number, a: number): number {
  let blocked = 1;
  for (let k = 1; k <= c; k++) blocked = (a * blocked) / (k + a * blocked);
  return blocked / (1 - (a / c) * (1 - blocked));
}

/**
 * Mean wait in a queue M/G/c (Allen–Cunneen: A. O. Allen, "Probability, Statistics and Queueing Theory", 1990), in the unit
 * of 1/`most`; `most` requests per unit are served at most, `rate` come, `spread` is the squared coefficient of variation of the
 * service time.
 */
export function meanWait(workers: number, most: number, rate: number, spread: number): number {
  return (erlangC(workers, (workers * rate) / most) / (most - rate)) * ((1 + spread) / 2);
}

/**
 * How many workers the target has in effect: c = X·s (the utilisation law of workers that are all busy), X the
 * throughput at which it flattens, s the mean time of a request in the quietest level without the round trip. Told only
 * where the waits of the other levels are those of such a queue.
 */
export function equivalentWorkers(levels: readonly ModelLevel[]): EquivalentWorkers | NoWorkers {
  const known = levels.filter(({ end, figures }) => end === 'observed' && figures?.service != null);
  const steady = known.filter(isSteady);
  if (steady.length === 0) return 'not-quiet';
  const served = ({ figures }: ModelLevel): number => figures!.service!.perSecond;
  const { perFlow } = requestsPerFlow(steady);
  const flat = known.filter(
    (level) => !steady.includes(level) && served(level) < FLATTENED * perFlow * level.figures!.startsPerSecond,
  );
  if (flat.length === 0) return 'not-saturated';
  const most = Math.max(...flat.map(served));
  if (most < COLLAPSED * Math.max(...steady.map(served))) return 'collapsed';
  const quiet = steady.reduce((best, level) => (level.rate < best.rate ? level : best));
  if (served(quiet) > QUIET * most) return 'not-quiet';

  const { meanMs, sdMs, connectMs, perSecond } = quiet.figures!.service!;
  const answered = meanMs - Math.min(connectMs ?? 0, MOST_ROUND_TRIP * meanMs);
  const waitAt = (rate: number, service: number): number => {
    const workers = Math.max(1, Math.round((most * service) / 1_000));
    return 1_000 * meanWait(workers, most, rate, (sdMs / service) ** 2);
  };
  // Few workers make requests wait even when it is quiet.
  let service = answered;
  for (let step = 0; step < STEPS; step++)
    service = (service + Math.max(answered / 2, answered - waitAt(perSecond, service))) / 2;

  const compared = steady.filter((level) => {
    const load = served(level) / most;
    return load >= COMPARED[0] && load <= COMPARED[1];
  });
  if (compared.length < FEWEST_LEVELS) return 'too-few';
  const noise = (OFF_ERRORS * sdMs) / Math.sqrt(perSecond * quiet.lookedSeconds);
  const off = compared.map((level) => {
    const wait = level.figures!.service!.meanMs - (meanMs - answered) - service;
    const expected = waitAt(served(level), service);
    return Math.abs(wait - expected) <= noise ? 0 : Math.abs(Math.log(Math.max(0, wait) / expected));
  });
  // Not a number, where requests took no time at all, is no such queue either.
  if (!(median(off) <= OFF)) return 'other-waits';
  const workers = (most * service) / 1_000;
  return { workers, serviceMs: service, mostPerSecond: most, levels: compared.length };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
