import { normalQuantile } from '../drift/normal.ts';

/**
 * When something is over: of a series that is high from a moment on, and comes back at once or little by little, the time until it
 * is back within δ of what it was before, with its interval.
 *
 * The model: a plateau, then an exponential way back, m(t) = m₀ + (m₁ − m₀)·min(1, e^{−(t−a)/τ}); it is within δ at T = a + τ·ln((m₁ −
 * m₀)/δ). The likelihood is computed for every cell of a grid of a, τ and m₁; the interval is all T of cells within χ²₁/2 of the
 * best (profile likelihood: S. S. Wilks, Annals of Mathematical Statistics 9 (1938) 60–62; D. R. Cox, D. V. Hinkley, "Theoretical
 * Statistics" 1974, 9.3), × the dispersion of the counts (P. McCullagh, J. A. Nelder, "Generalized Linear Models", 2nd ed. 1989, 4.5),
 * and half a cell more on either side, because seconds cannot tell more.
 */

/** What a second says: how well a level explains it (ln L, with its dispersion), and what it would be by itself. */
export interface Seconds {
  readonly count: number;
  /** ln L of second t at level m. */
  readonly logLikelihood: (t: number, level: number) => number;
  /** The level of the seconds from `from` to `to`; undefined if they hold nothing. */
  readonly levelOf: (from: number, to: number) => number | undefined;
  /** A level that can be, from one that was computed. */
  readonly possible: (level: number) => number;
}

/** A time with its interval of 95 %, in seconds. Null: not within the time that was looked at, or not surely. */
export interface Back {
  readonly seconds: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** How long it was looked. */
  readonly looked: number;
}

const AT_ONCE = (looked: number): Back => ({ seconds: 0, low: 0, high: 0, looked });

/** χ²₁ at 95 %, halved. */
const WITHIN = normalQuantile(0.025) ** 2 / 2;
/** Time constants, in minutes' parts: 0.01 to 30 s of a recovery of 60 s. */
const TIME_CONSTANTS = [0.01, 0.35, 0.7, 1, 1.4, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 12, 14, 17, 21, 25, 30];
/** The height is that of the first two seconds, or of the plateau before, × one of these. */
const HEIGHTS = [0.55, 0.65, 0.75, 0.82, 0.88, 0.94, 1, 1.06, 1.12, 1.2, 1.3, 1.45, 1.7];
/** The plateau ends between seconds or amid one. */
const CELL = 0.5;
const FIRST = 2;

/** Seconds that count: events of trials in each. `dispersion` ≥ 1 is that of the steady part. */
export function countedSeconds(events: ArrayLike<number>, trials: ArrayLike<number>, dispersion: number): Seconds {
  const possible = (share: number): number => Math.min(1 - 1e-6, Math.max(1e-6, share));
  return {
    count: trials.length,
    possible,
    logLikelihood(t, level) {
      const p = possible(level);
      const [k, n] = [events[t]!, trials[t]!];
      return (k * Math.log(p) + (n - k) * Math.log(1 - p)) / dispersion;
    },
    levelOf(from, to) {
      let [k, n] = [0, 0];
      for (let t = Math.max(0, from); t < Math.min(to, trials.length); t++) {
        k += events[t]!;
        n += trials[t]!;
      }
      return n > 0 ? k / n : undefined;
    },
  };
}

/** Seconds that measure: a value in each, NaN where there is none, normal with this (long-run) variance. */
export function measuredSeconds(values: ArrayLike<number>, variance: number): Seconds {
  const spread = 2 * Math.max(variance, 1e-12);
  return {
    count: values.length,
    possible: (level) => level,
    logLikelihood: (t, level) => (Number.isNaN(values[t]!) ? 0 : -((values[t]! - level) ** 2) / spread),
    levelOf(from, to) {
      const known = Array.from(values).slice(Math.max(0, from), to).filter((value) => !Number.isNaN(value));
      return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
    },
  };
}

/**
 * Time from the beginning of `seconds` (the end of the fault) until the level is back within `delta` of `usual`. `plateau`: the level
 * during the fault, if it tells what the first seconds are.
 */
export function timeBack(seconds: Seconds, usual: number, delta: number): Back {
  const looked = seconds.count;
  const first = seconds.levelOf(0, FIRST) ?? seconds.levelOf(0, looked);
  if (first === undefined) return { seconds: null, low: null, high: null, looked };
  const ends = Array.from({ length: Math.floor(looked / CELL) + 1 }, (_, i) => i * CELL);
  const heights = heightsOf(seconds, usual, first, delta);
  const scale = looked / 60;
  // ln L of the seconds from t on at the usual level: where the way back is over, and cheaper than cell by cell.
  const cells: { readonly likelihood: number; readonly back: number }[] = [
    { likelihood: sumOf(looked, (t) => seconds.logLikelihood(t, usual)), back: 0 },
  ];
  for (const height of heights) {
    const plateau = new Float64Array(looked + 1);
    const after = new Float64Array(looked + 1);
    for (let t = 0; t < looked; t++) plateau[t + 1] = plateau[t]! + seconds.logLikelihood(t, usual + height);
    for (let t = looked - 1; t >= 0; t--) after[t] = after[t + 1]! + seconds.logLikelihood(t, usual);
    const steps = Math.log(Math.max(1.0001, height / delta));
    for (const constant of TIME_CONSTANTS) {
      const tau = Math.max(0.01, constant * scale);
      for (const end of ends) {
        const whole = Math.floor(end);
        let likelihood = plateau[whole]!;
        let t = whole;
        for (; t < looked; t++) {
          const share = meanShare(t, end, tau);
          if (share < 1e-4) break;
          likelihood += seconds.logLikelihood(t, usual + height * share);
        }
        cells.push({ likelihood: likelihood + after[t]!, back: end + tau * steps });
      }
    }
  }
  const best = cells.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
  const near = cells.filter(({ likelihood }) => likelihood >= best.likelihood - WITHIN).map(({ back }) => back);
  const low = Math.max(0, near.reduce((a, b) => Math.min(a, b)) - CELL);
  const high = near.reduce((a, b) => Math.max(a, b)) + CELL;
  if (best.back === 0 && high <= 2 * CELL) return AT_ONCE(looked);
  const within = (at: number): number | null => (at >= looked ? null : at);
  return { seconds: within(best.back), low: Math.min(low, looked), high: within(high), looked };
}

/** Mean of the way back over second t: 1 on the plateau, then e^{−(t−a)/τ}, integrated. */
function meanShare(t: number, end: number, tau: number): number {
  if (t + 1 <= end) return 1;
  const from = Math.max(t, end);
  return from - t + tau * (Math.exp(-(from - end) / tau) - Math.exp(-(t + 1 - end) / tau));
}

const sumOf = (count: number, of: (t: number) => number): number => {
  let sum = 0;
  for (let t = 0; t < count; t++) sum += of(t);
  return sum;
};

/** Heights above the usual that are tried: possible ones, surely beyond δ. */
function heightsOf(seconds: Seconds, usual: number, first: number, delta: number): number[] {
  const tried = HEIGHTS.map((factor) => {
    const level = seconds.possible(usual + Math.max(2 * delta, factor * (first - usual)));
    return level - usual;
  });
  return [...new Set(tried)].filter((height) => height > delta);
}

/**
 * When something was first felt: time from the beginning of `seconds` (the start of the fault) during which the level stays the
 * `usual` one; then it is another, whatever that is. Undefined: never felt.
 */
export function timeToImpact(seconds: Seconds, usual: number): Back | undefined {
  const looked = seconds.count;
  const cells: { readonly likelihood: number; readonly at: number }[] = [];
  let before = 0;
  const whole = sumOf(looked, (t) => seconds.logLikelihood(t, usual));
  for (let at = 0; at < looked; at++) {
    const level = seconds.levelOf(at, looked);
    if (level !== undefined && level > usual) {
      let likelihood = before;
      for (let t = at; t < looked; t++) likelihood += seconds.logLikelihood(t, level);
      cells.push({ likelihood, at });
    }
    before += seconds.logLikelihood(at, usual);
  }
  const best = cells.reduce((a, b) => (b.likelihood > a.likelihood ? b : a), { likelihood: -Infinity, at: 0 });
  // Two parameters more than none: at 1 % with the best of all moments taken.
  if (best.likelihood - whole < 3 * WITHIN) return undefined;
  const near = cells.filter(({ likelihood }) => likelihood >= best.likelihood - WITHIN).map(({ at }) => at);
  // Felt in second `at`: that is between its beginning and its end.
  return { seconds: best.at, low: near[0]!, high: near.at(-1)! + 1, looked };
}
