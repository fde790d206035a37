import { criticalT } from '../comparison/student-t.ts';

/** A level's result for one term: the share of bad samples, and their effective number. */
interface Observation {
  /** Flow starts per second. */
  readonly rate: number;
  readonly share: number;
  readonly effective: number;
  /** The share is a lower bound: an overload in which requests are not slow yet. */
  readonly atLeast: boolean;
}

/** A term of the objective with the levels' results; levels without a sample of it are left out. */
interface ObservedTerm {
  /** Share that may be bad. */
  readonly allowed: number;
  readonly observations: readonly Observation[];
}

/** Estimate of the knee, beyond which the objective is not met. Rates in flow starts per second. */
export interface Knee {
  /** Median. */
  readonly rate: number;
  readonly low: number;
  readonly high: number;
  /** Half the interval's width on a log scale: 0.05 is ± 5 %. */
  readonly halfWidth: number;
  readonly quartiles: readonly [number, number];
  /** Index of the term with the lowest knee. */
  readonly binding: number;
  /** For each term the best fit: its knee, and b of its curve logit share = logit allowed + b·ln(rate/knee). */
  readonly curves: readonly { readonly knee: number; readonly steepness: number }[];
  /** How much more levels scatter than their samples do, corrected for few levels; of the binding term. */
  readonly overdispersion: number;
}

/** Only levels within ± 25 % of the knee count. */
export const NEAR = 0.25;
const KNEES = 401;
const STEEPNESSES = 31;
/** From a share that grows by half in 10 % of load, to a cliff. */
const STEEPNESS_RANGE = [6, 300] as const;
/** 95 % half-width of the model's error (logistic curve, start from an empty system). Measured: docs/methods.md. */
const MODEL_ERROR = 0.025;
/** Degrees of freedom at which Student's t is practically normal. */
const NORMAL = 10_000;
const REFITS = 3;

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
const logit = (share: number): number => Math.log(share / (1 - share));
const STEEPNESS = Array.from({ length: STEEPNESSES }, (_, at) => {
  const [least, most] = STEEPNESS_RANGE;
  return least * (most / least) ** (at / (STEEPNESSES - 1));
});

/**
 * Estimates the knee by a grid posterior. For each term: logit share = logit allowed + b·(ln rate − u), u uniform over
 * `range` widened by a quarter, b log-uniform from 6 to 300; a level has the weight of its effective samples. The
 * log-likelihood is divided by the overdispersion φ, as in quasi-likelihood (P. McCullagh, J. A. Nelder, "Generalized
 * Linear Models", 4.5: Pearson's χ² by its degrees of freedom), times (t/z)² because φ is estimated from few levels.
 * Terms are assumed independent: the objective's knee exceeds x if each term's does. Once two levels are within ± 25 %
 * of the knee, only such count, as the curve is linear only there. A grid, as a cliff has no finite logistic slope.
 */
export function kneeOf(
  terms: readonly ObservedTerm[],
  range: { readonly low: number; readonly high: number },
  confidence: number,
): Knee {
  const [from, to] = [Math.log(range.low / 1.25), Math.log(range.high * 1.25)];
  const grid = Array.from({ length: KNEES }, (_, at) => from + ((to - from) * at) / (KNEES - 1));
  const fits = terms.map((term) => new TermFit(term, grid, 1 - confidence));
  const tail = (1 - confidence) / 2;

  let near: (rate: number) => boolean = () => true;
  let posteriors = fits.map((fit) => fit.posterior(near));
  for (let refit = 1; ; refit++) {
    const median = quantile(minimum(posteriors), 0.5, grid);
    const closer = (rate: number): boolean => Math.abs(Math.log(rate) - median) <= NEAR;
    const rates = new Set(terms.flatMap(({ observations }) => observations.map(({ rate }) => rate)));
    const same = [...rates].every((rate) => near(rate) === closer(rate));
    if (refit === REFITS || same || fits.every((fit) => fit.count(closer) < 2)) break;
    near = closer;
    posteriors = fits.map((fit) => (fit.count(closer) < 2 ? fit.posterior(() => true) : fit.posterior(closer)));
  }

  const below = minimum(posteriors);
  const at = (probability: number): number => quantile(below, probability, grid);
  const median = at(0.5);
  const floor = (MODEL_ERROR * criticalT(1 - confidence, NORMAL)) / criticalT(0.05, NORMAL);
  const low = median - Math.hypot(median - at(tail), floor);
  const high = median + Math.hypot(at(1 - tail) - median, floor);
  const medians = posteriors.map((posterior) => quantile(posterior.below, 0.5, grid));
  const binding = medians.indexOf(Math.min(...medians));
  return {
    rate: Math.exp(median),
    low: Math.exp(low),
    high: Math.exp(high),
    halfWidth: (high - low) / 2,
    quartiles: [Math.exp(at(0.25)), Math.exp(at(0.75))],
    binding,
    curves: posteriors.map(({ steepness }, term) => ({ knee: Math.exp(medians[term]!), steepness })),
    overdispersion: posteriors[binding]!.overdispersion,
  };
}

/** Posterior of one term's knee over the grid: the probability that it is at or below each point. */
interface TermPosterior {
  readonly below: Float64Array;
  readonly steepness: number;
  readonly overdispersion: number;
}

/** Probability that the lowest knee of all terms is at or below each point. */
function minimum(posteriors: readonly TermPosterior[]): Float64Array {
  return Float64Array.from(
    { length: KNEES },
    (_, at) => 1 - posteriors.reduce((all, { below }) => all * (1 - below[at]!), 1),
  );
}

/** First point of the grid at which the cumulative probability reaches a value. */
function quantile(below: Float64Array, probability: number, grid: readonly number[]): number {
  const at = below.findIndex((sum) => sum >= probability);
  return grid[at === -1 ? KNEES - 1 : at]!;
}

/** The likelihood of one term; one table per level, independent of which levels count. */
class TermFit {
  readonly #tables: readonly { readonly observation: Observation; readonly table: Float64Array }[];
  readonly #allowed: number;
  readonly #grid: readonly number[];
  readonly #alpha: number;

  constructor({ allowed, observations }: ObservedTerm, grid: readonly number[], alpha: number) {
    this.#allowed = allowed;
    this.#grid = grid;
    this.#alpha = alpha;
    const most = (1 + allowed) / 2;
    this.#tables = observations
      // How bad an overload is says nothing about the knee, only that it is below.
      .map((said) => (said.share > most ? { ...said, share: most, atLeast: true } : said))
      .map((observation) => ({ observation, table: this.#likelihood(observation) }));
  }

  /** Number of counting levels with a result for this term. */
  count(counts: (rate: number) => boolean): number {
    return this.#tables.filter(({ observation }) => counts(observation.rate)).length;
  }

  /** Log-likelihood of one sample of a level for each knee and steepness. */
  #likelihood({ rate, share, atLeast }: Observation): Float64Array {
    const table = new Float64Array(KNEES * STEEPNESSES);
    const centre = logit(this.#allowed);
    // Bound the share away from 0 and 1, so that a stray sample cannot exclude a knee.
    const least = logit(Math.min(1e-4, this.#allowed / 10));
    for (let i = 0; i < KNEES; i++) {
      const distance = Math.log(rate) - this.#grid[i]!;
      for (let j = 0; j < STEEPNESSES; j++) {
        const z = clamp(centre + STEEPNESS[j]! * distance, least, atLeast ? logit(share) : -least);
        // ln π = −ln(1 + e^−z), ln(1 − π) = ln π − z
        table[i * STEEPNESSES + j] = -Math.log(1 + Math.exp(-z)) - (1 - share) * z;
      }
    }
    return table;
  }

  posterior(counts: (rate: number) => boolean): TermPosterior {
    const used = this.#tables.filter(({ observation }) => counts(observation.rate));
    // A term without samples limits nothing; the answer names it.
    if (used.length === 0) return { below: new Float64Array(KNEES), steepness: STEEPNESS_RANGE[0], overdispersion: 1 };
    const sum = new Float64Array(KNEES * STEEPNESSES);
    // If a share is small by chance, its samples look independent, and a quiet minute would outvote a busy one. So no
    // level gets more weight than the geometric mean.
    const mean = Math.exp(
      used.reduce((logs, { observation }) => logs + Math.log(observation.effective), 0) / used.length,
    );
    const weights = used.map(({ observation }) => Math.min(observation.effective, mean));
    for (const [k, { table }] of used.entries())
      for (let cell = 0; cell < sum.length; cell++) sum[cell]! += table[cell]! * weights[k]!;
    let best = 0;
    for (let cell = 1; cell < sum.length; cell++) if (sum[cell]! > sum[best]!) best = cell;
    const steepness = STEEPNESS[best % STEEPNESSES]!;
    const overdispersion = this.#overdispersion(
      used.map(({ observation }, k) => ({ ...observation, effective: weights[k]! })),
      this.#grid[Math.floor(best / STEEPNESSES)]!,
      steepness,
    );
    const below = new Float64Array(KNEES);
    let total = 0;
    for (let i = 0; i < KNEES; i++) {
      for (let j = 0; j < STEEPNESSES; j++)
        total += Math.exp((sum[i * STEEPNESSES + j]! - sum[best]!) / overdispersion);
      below[i] = total;
    }
    for (let i = 0; i < KNEES; i++) below[i]! /= total;
    return { below, steepness, overdispersion };
  }

  #overdispersion(observations: readonly Observation[], knee: number, steepness: number): number {
    const least = Math.min(1e-3, this.#allowed / 50);
    const chiSquare = observations.reduce((sum, { rate, share, effective, atLeast }) => {
      const z = logit(this.#allowed) + steepness * (Math.log(rate) - knee);
      const expected = clamp(1 / (1 + Math.exp(-z)), least, atLeast ? share : 1 - least);
      return sum + (effective * (share - expected) ** 2) / (expected * (1 - expected));
    }, 0);
    const degrees = Math.max(1, observations.length - 2);
    const few = criticalT(this.#alpha, degrees) / criticalT(this.#alpha, NORMAL);
    return Math.max(1, chiSquare / degrees) * few ** 2;
  }
}
