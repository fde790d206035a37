import { criticalZ } from '../drift/normal.ts';

/**
 * Time to recovery: for a series that is high at first and returns at once or gradually, the time until it is within δ
 * of its level before, with an interval.
 *
 * The model: a plateau, then an exponential return, m(t) = m₀ + (m₁ − m₀)·min(1, e^{−(t−a)/τ}), which is within δ at T
 * = a + τ·ln((m₁ − m₀)/δ). The likelihood is computed for every cell of a grid of a, τ and m₁; the interval is all T of
 * cells within χ²₁/2 of the best (profile likelihood: S. S. Wilks, Annals of Mathematical Statistics 9 (1938) 60–62; D.
 * R. Cox, D. V. Hinkley, "Theoretical Statistics" 1974, 9.3), × the dispersion of the counts (P. McCullagh, J. A.
 * Nelder, "Generalized Linear Models", 2nd ed. 1989, 4.5), widened by half a cell on either side.
 */

/** The seconds of a series, and the likelihood of levels for each. */
export interface Seconds {
  readonly count: number;
  /** ln L of second t at the i-th of these levels, divided by the dispersion. */
  readonly likelihoodsAt: (levels: ArrayLike<number>) => (t: number, i: number) => number;
  /** The level of the seconds from `from` to `to`; undefined if they are empty. */
  readonly levelOf: (from: number, to: number) => number | undefined;
  /** The closest possible level to a computed one. */
  readonly possible: (level: number) => number;
}

/** The level before, and its standard error. */
export interface Usual {
  readonly level: number;
  readonly error: number;
}

/** A time with its 95 % interval, in seconds. Null: not, or not certainly, within the observed time. */
export interface Back {
  readonly seconds: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The observed time. */
  readonly looked: number;
}

const AT_ONCE = (looked: number): Back => ({ seconds: 0, low: 0, high: 0, looked });

/** χ²₁ at 95 %, halved. */
const WITHIN = criticalZ(0.025) ** 2 / 2;
/** Time constants tried, in seconds for an observed time of 60 s; scaled with it. */
const TIME_CONSTANTS = [0.01, 0.35, 0.7, 1, 1.4, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 12, 14, 17, 21, 25, 30];
/** Heights tried, as factors of the first two seconds' height. */
const HEIGHTS = [0.55, 0.65, 0.75, 0.82, 0.88, 0.94, 1, 1.06, 1.12, 1.2, 1.3, 1.45, 1.7];
/** Resolution of the plateau's end: half a second. */
const CELL = 0.5;
const FIRST = 2;

/** Seconds with counts: events and trials in each. `dispersion` ≥ 1 is the steady part's. */
export function countedSeconds(events: ArrayLike<number>, trials: ArrayLike<number>, dispersion: number): Seconds {
  const possible = (share: number): number => Math.min(1 - 1e-6, Math.max(1e-6, share));
  return {
    count: trials.length,
    possible,
    likelihoodsAt(levels) {
      const of = Float64Array.from(levels, (level) => Math.log(possible(level)) / dispersion);
      const not = Float64Array.from(levels, (level) => Math.log(1 - possible(level)) / dispersion);
      return (t, i) => events[t]! * of[i]! + (trials[t]! - events[t]!) * not[i]!;
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

/** Seconds with measurements: a value in each, NaN if there is none, normal with this (long-run) variance. */
export function measuredSeconds(values: ArrayLike<number>, variance: number): Seconds {
  const spread = 2 * Math.max(variance, 1e-12);
  return {
    count: values.length,
    possible: (level) => level,
    likelihoodsAt: (levels) => (t, i) => (Number.isNaN(values[t]!) ? 0 : -((values[t]! - levels[i]!) ** 2) / spread),
    levelOf(from, to) {
      const known = Array.from(values)
        .slice(Math.max(0, from), to)
        .filter((value) => !Number.isNaN(value));
      return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) / known.length : undefined;
    },
  };
}

/** The level before is only estimated: offsets tried, in standard errors, at their cost in ln L. */
const OFF = [-1.2, 0, 1.2];

interface Cell {
  readonly likelihood: number;
  readonly back: number;
}

/** Time from the start of `seconds` (the end of the fault) until the level is within `delta` of the usual one. */
export function timeBack(seconds: Seconds, usual: Usual, delta: number): Back {
  const looked = seconds.count;
  const first = seconds.levelOf(0, FIRST) ?? seconds.levelOf(0, looked);
  if (first === undefined) return { seconds: null, low: null, high: null, looked };
  const levels = new Set(OFF.map((off) => seconds.possible(usual.level + off * usual.error)));
  const cells = [...levels].flatMap((level) => {
    const cost = usual.error > 0 ? (level - usual.level) ** 2 / (2 * usual.error ** 2) : 0;
    return cellsOf(seconds, level, first, delta).map((cell) => ({ ...cell, likelihood: cell.likelihood - cost }));
  });
  const best = cells.reduce((a, b) => (b.likelihood > a.likelihood ? b : a));
  const near = cells.filter(({ likelihood }) => likelihood >= best.likelihood - WITHIN).map(({ back }) => back);
  const low = Math.max(0, near.reduce((a, b) => Math.min(a, b)) - CELL);
  const high = near.reduce((a, b) => Math.max(a, b)) + CELL;
  if (best.back === 0 && high <= 2 * CELL) return AT_ONCE(looked);
  const within = (at: number): number | null => (at >= looked ? null : at);
  return { seconds: within(best.back), low: Math.min(low, looked), high: within(high), looked };
}

/** For each height and time constant, the plateau ends that explain the seconds nearly as well as the best. */
function cellsOf(seconds: Seconds, usual: number, first: number, delta: number): Cell[] {
  const looked = seconds.count;
  // ln L of all seconds from t on at the usual level, for when the return is over.
  const after = new Float64Array(looked + 1);
  const atUsual = seconds.likelihoodsAt([usual]);
  for (let t = looked - 1; t >= 0; t--) after[t] = after[t + 1]! + atUsual(t, 0);
  const cells: Cell[] = [{ likelihood: after[0]!, back: 0 }];
  const halves = 2 * looked;
  for (const height of heightsOf(seconds, usual, first, delta)) {
    const plateau = new Float64Array(looked + 1);
    const atHeight = seconds.likelihoodsAt([usual + height]);
    for (let t = 0; t < looked; t++) plateau[t + 1] = plateau[t]! + atHeight(t, 0);
    const steps = Math.log(height / delta);
    for (const constant of TIME_CONSTANTS) {
      const tau = Math.max(0.01, (constant * looked) / 60);
      // The level of a second depends only on its distance to the end of the plateau, in half seconds from −1 on.
      const shares = Float64Array.from({ length: halves + 2 }, (_, i) => meanShare((i - 1) * CELL, 0, tau));
      const over = shares.findIndex((share) => share < 1e-4);
      const length = over === -1 ? shares.length : over;
      const at = seconds.likelihoodsAt(shares.map((share) => usual + height * share));
      for (let end = 0; end <= halves; end++) {
        const whole = end >> 1;
        let likelihood = plateau[whole]!;
        let t = whole;
        for (let i = 2 * whole - end + 1; t < looked && i < length; t++, i += 2) likelihood += at(t, i);
        cells.push({ likelihood: likelihood + after[t]!, back: end * CELL + tau * steps });
      }
    }
  }
  const best = cells.reduce((most, { likelihood }) => Math.max(most, likelihood), -Infinity);
  return cells.filter(({ likelihood }) => likelihood >= best - WITHIN);
}

/** Mean of the return over second t: 1 on the plateau, then the integral of e^{−(t−a)/τ}. */
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

/** Heights above the usual level to try: possible ones beyond δ. */
function heightsOf(seconds: Seconds, usual: number, first: number, delta: number): number[] {
  const tried = HEIGHTS.map((factor) => {
    const level = seconds.possible(usual + Math.max(2 * delta, factor * (first - usual)));
    return level - usual;
  });
  return [...new Set(tried)].filter((height) => height > delta);
}

/**
 * Time to impact: time from the start of `seconds` (the start of the fault) during which the level stays at `usual`;
 * after it the level is another, whatever it is. Undefined: no impact.
 */
export function timeToImpact(seconds: Seconds, usual: number): Back | undefined {
  const looked = seconds.count;
  const moments = Array.from({ length: looked }, (_, at) => at).filter(
    (at) => (seconds.levelOf(at, looked) ?? 0) > usual,
  );
  const levels = moments.map((at) => seconds.levelOf(at, looked)!);
  const likelihood = seconds.likelihoodsAt([...levels, usual]);
  const usualAt = (t: number): number => likelihood(t, levels.length);
  const cells = moments.map((at, i) => ({
    at,
    likelihood: sumOf(looked, (t) => (t < at ? usualAt(t) : likelihood(t, i))),
  }));
  const best = cells.reduce((a, b) => (b.likelihood > a.likelihood ? b : a), { likelihood: -Infinity, at: 0 });
  // Two parameters more than without impact: a test at 1 %, given that the best time is selected.
  if (best.likelihood - sumOf(looked, usualAt) < 3 * WITHIN) return undefined;
  const near = cells.filter((cell) => cell.likelihood >= best.likelihood - WITHIN).map(({ at }) => at);
  // The impact in second `at` is between its start and its end.
  return { seconds: best.at, low: near[0]!, high: near.at(-1)! + 1, looked };
}
