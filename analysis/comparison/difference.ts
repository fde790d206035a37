import type { Estimate } from './estimate.ts';

/** New minus base, on the scale of `Estimate.location`. */
export interface Difference {
  readonly difference: number;
  readonly standardError: number;
  /** Degrees of freedom of Student's t. */
  readonly degrees: number;
  /** Standard deviation between runs of a side, beyond the variation within them; null: unknown (one run per side). */
  readonly betweenRuns: number | null;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Difference of the means of both sides. Its variance has a part within runs, estimated from their blocks, and a part
 * between runs: the excess variation among runs of a side, by the method of moments (R. DerSimonian, N. Laird,
 * Controlled Clinical Trials 7 (1986) 177–188), pooled over both sides, so that several runs on one side also inform a
 * single one on the other. Resampling the runs would underestimate it, with two or three runs by a half or a third.
 * Degrees of freedom within runs: F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110–114; overall: between those and
 * the number of repeats, weighted by the share of variance between runs. (Satterthwaite's formula for the whole would
 * trust the variation of two runs too much, since the same few runs estimate it.)
 */
export function differenceOf(base: readonly Estimate[], next: readonly Estimate[]): Difference {
  const sides = [base, next].filter((runs) => runs.length > 0);
  const within = [...base, ...next].map(({ standardError }) => standardError ** 2);
  const repeats = sides.reduce((sum, runs) => sum + runs.length - 1, 0);
  const spread = sides.reduce((sum, runs) => {
    const mean = meanOf(runs.map(({ location }) => location));
    return sum + runs.reduce((squares, { location }) => squares + (location - mean) ** 2, 0);
  }, 0);
  const between = repeats === 0 ? 0 : Math.max(0, spread / repeats - meanOf(within));
  const parts = sides.flatMap((runs) =>
    runs.map(({ standardError, degrees }) => ({ variance: (standardError / runs.length) ** 2, degrees })),
  );
  const ofIntervals = parts.reduce((sum, part) => sum + part.variance, 0);
  const ofRuns = sides.reduce((sum, runs) => sum + between / runs.length, 0);
  const variance = ofIntervals + ofRuns;
  // Denominator terms of Satterthwaite's formula within runs; 0 if nothing varies within runs.
  const scattering = parts.filter((part) => part.variance > 0);
  const perDegree =
    ofIntervals === 0 ? 0 : scattering.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0) / ofIntervals;
  // Weighted by part: with all variance between runs, these are the degrees of a two-sample t-test.
  const degrees = variance / (perDegree + (ofRuns === 0 ? 0 : ofRuns / repeats));
  return {
    difference: meanOf(next.map(({ location }) => location)) - meanOf(base.map(({ location }) => location)),
    standardError: Math.sqrt(variance),
    degrees: variance > 0 ? Math.max(1, degrees) : 1,
    betweenRuns: repeats === 0 ? null : Math.sqrt(between),
  };
}
