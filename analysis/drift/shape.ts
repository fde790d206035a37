import { meanOf } from '../autoregression.ts';

/** A lasting jump. Times in the unit of `t`, heights on the series' scale. */
export interface LevelShift {
  readonly at: number;
  /** Interval of possible times: those that explain the series nearly as well. */
  readonly from: number;
  readonly to: number;
  readonly height: number;
}

/** The shape of a series, and the rest without it (for a line: the whole series). */
export type Shape =
  | { readonly kind: 'none' | 'line'; readonly rest: Float64Array }
  | { readonly kind: 'steps'; readonly steps: readonly LevelShift[]; readonly rest: Float64Array }
  | { readonly kind: 'rise'; readonly timeConstant: number; readonly height: number; readonly rest: Float64Array };

/** Lag-1 autocorrelations that are tried for the errors, an AR(1). */
const PERSISTENCES = [0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97];
/** Steps are looked for in the middle 80 %. */
const EDGE = 0.1;
const MOST_STEPS = 3;
/** Time constants of a rise, as parts of the whole time: slower ones are not over and look like a line. */
const RISES = [0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25];
/**
 * How much smaller a shape's criterion must be than that of a line, or of nothing; more for steps, as the best time is
 * selected: beyond 10 the evidence is "very strong" (R. E. Kass, A. E. Raftery, J. American Statistical Association 90
 * (1995) 773–795, page 777). 99 % of simulated lines (1 and 2 %/h, φ ≤ 0.9) stay below (docs/methods-drift.md).
 */
const CLEARLY = { steps: 10, rise: 3 };
/**
 * Times of a step whose −2 ln L is at most this much larger are possible too: 2·ln 40, because the likelihood ratio of
 * a wrong time on either side exceeds 40 with probability at most 1/40 (J. Ville's inequality).
 */
const NEARLY = 7.38;

const steady = (n: number): Float64Array => new Float64Array(n).fill(1);
const whitened = (y: Float64Array, persistence: number): Float64Array =>
  y.map((value, i) => (i === 0 ? value * Math.sqrt(1 - persistence ** 2) : value - persistence * y[i - 1]!));
const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** −2 ln L of a Gaussian AR(1) whose innovations have this sum of squares. */
const deviance = (squares: number, n: number, persistence: number): number =>
  n * Math.log(Math.max(squares, 1e-300) / n) - Math.log(1 - persistence ** 2);

interface Fit {
  readonly deviance: number;
  readonly persistence: number;
  readonly height: number;
}

/** The best fit of a level and one column over all persistences; without a column, of a level only. */
function fit(y: Float64Array, column?: Float64Array): Fit {
  const n = y.length;
  const fits = PERSISTENCES.map((persistence): Fit => {
    const [level, target] = [whitened(steady(n), persistence), whitened(y, persistence)];
    const ofLevel = dot(level, target) / dot(level, level);
    const rest = target.map((value, i) => value - ofLevel * level[i]!);
    let height = 0;
    let squares = dot(rest, rest);
    if (column !== undefined) {
      const white = whitened(column, persistence);
      const shared = dot(level, white) / dot(level, level);
      const own = white.map((value, i) => value - shared * level[i]!);
      height = dot(own, rest) / dot(own, own);
      squares -= height * dot(own, rest);
    }
    return { deviance: deviance(squares, n, persistence), persistence, height };
  });
  return fits.reduce((a, b) => (b.deviance < a.deviance ? b : a));
}

/** −2 ln L of a step before each point, minimal over all persistences; NaN near the ends. Running sums: O(n) each. */
function stepProfile(y: Float64Array): Float64Array {
  const n = y.length;
  const profile = new Float64Array(n).fill(NaN);
  const [first, last] = [Math.ceil(n * EDGE), Math.floor(n * (1 - EDGE))];
  for (const persistence of PERSISTENCES) {
    const [level, target] = [whitened(steady(n), persistence), whitened(y, persistence)];
    const levels = dot(level, level);
    const ofLevel = dot(level, target) / levels;
    const squares = target.reduce((sum, value, i) => sum + (value - ofLevel * level[i]!) ** 2, 0);
    const gap = 1 - persistence;
    // Sum over the points after the step: its whitened column is 1 at the step and 1 − ρ after it, a level's is 1 − ρ.
    let behind = 0;
    for (let at = n - 1; at >= first; at--) {
      const here = target[at]! - ofLevel * level[at]!;
      if (at <= last) {
        const own = 1 + gap * gap * (n - 1 - at);
        const shared = gap + gap * gap * (n - 1 - at);
        const product = here + gap * behind;
        const value = deviance(squares - product ** 2 / (own - shared ** 2 / levels), n, persistence);
        if (!(profile[at]! <= value)) profile[at] = value;
      }
      behind += here;
    }
  }
  return profile;
}

const stepAt = (n: number, at: number): Float64Array => new Float64Array(n).fill(1, at);

/** The best step of a series. */
function bestStep(t: Float64Array, y: Float64Array): LevelShift & Fit {
  const profile = stepProfile(y);
  const times = [...profile.keys()].filter((at) => !Number.isNaN(profile[at]!));
  const best = times.reduce((a, b) => (profile[b]! < profile[a]! ? b : a));
  const maybe = times.filter((at) => profile[at]! <= profile[best]! + NEARLY);
  const between = (at: number): number => (t[at - 1]! + t[at]!) / 2;
  return { ...fit(y, stepAt(y.length, best)), at: between(best), from: t[maybe[0]! - 1]!, to: t[maybe.at(-1)!]! };
}

/** Up to three clear steps, each found in the rest of those before. */
function stepsOf(t: Float64Array, y: Float64Array): { steps: LevelShift[]; rest: Float64Array; criterion: number } {
  const n = y.length;
  let rest = y;
  let criterion = fit(y).deviance;
  const steps: LevelShift[] = [];
  while (steps.length < MOST_STEPS) {
    const { deviance: better, at: time, from, to, height } = bestStep(t, rest);
    // A step has two more parameters: height and time.
    const with_ = better + 2 * Math.log(n) * (steps.length + 1);
    if (with_ > criterion - CLEARLY.steps) break;
    criterion = with_;
    steps.push({ at: time, from, to, height });
    rest = rest.map((value, i) => (t[i]! > time ? value - height : value));
  }
  return { steps: steps.sort((a, b) => a.at - b.at), rest, criterion };
}

/**
 * The shape of a series: nothing, a line, up to three steps, or a rise that ends (1 − e^(−t/τ), as a cache that fills).
 * By Schwarz's criterion, −2 ln L + parameters·ln n (G. Schwarz, Annals of Statistics 6 (1978) 461–464), with AR(1)
 * errors: with independent ones every wandering series has steps. A line is preferred unless another is clearly better.
 */
export function shapeOf(t: Float64Array, y: Float64Array): Shape {
  const n = y.length;
  const toll = Math.log(n);
  const none = fit(y).deviance;
  const line = fit(y, t).deviance + toll;
  const simple = Math.min(none, line);
  const stepped = stepsOf(t, y);
  const whole = t.at(-1)! - t[0]!;
  const rises = RISES.map((part) => {
    const timeConstant = part * whole;
    const column = t.map((at) => 1 - Math.exp(-(at - t[0]!) / timeConstant));
    return { timeConstant, column, ...fit(y, column) };
  });
  const rise = rises.reduce((a, b) => (b.deviance < a.deviance ? b : a));
  const risen = rise.deviance + 2 * toll;
  const isStepped = stepped.steps.length > 0 && stepped.criterion <= simple - CLEARLY.steps;
  if (risen <= simple - CLEARLY.rise && !(isStepped && stepped.criterion < risen)) {
    const middle = meanOf(rise.column);
    const rest = y.map((value, i) => value - rise.height * (rise.column[i]! - middle));
    return { kind: 'rise', timeConstant: rise.timeConstant, height: rise.height, rest };
  }
  if (!isStepped) return { kind: line < none ? 'line' : 'none', rest: y };
  return { kind: 'steps', steps: stepped.steps, rest: stepped.rest };
}
