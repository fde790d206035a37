import type { Estimate } from './estimate.ts';

/** New less base, on the scale of `Estimate.location`. */
export interface Difference {
  readonly difference: number;
  readonly standardError: number;
  /** Degrees of freedom of Student's t. */
  readonly degrees: number;
  /** Standard deviation between runs of one side, beyond what the scatter within them explains; null: one run a side, not known. */
  readonly betweenRuns: number | null;
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * The difference of the means over the runs of each side. Its variance has a part from within runs, which their blocks tell, and
 * a part between runs: what runs of one side differ by beyond that, by the method of moments (R. DerSimonian, N. Laird, Controlled
 * Clinical Trials 7 (1986) 177–188), the same on both sides, so that several runs on one side say something of a single one on
 * the other. Resampling the runs themselves would understate it: of two or three runs by a half or a third. Degrees of freedom:
 * within runs by F. E. Satterthwaite, Biometrics Bulletin 2 (1946) 110–114; of the whole, between those and the number of
 * repeats, by how much of the variance lies between runs. (Satterthwaite's formula for the whole would trust the scatter of two
 * runs too much: the same few runs also say how much of it there is.)
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
  // What Satterthwaite's formula divides by the degrees within runs; 0 where nothing within runs scatters.
  const scattering = parts.filter((part) => part.variance > 0);
  const perDegree =
    ofIntervals === 0 ? 0 : scattering.reduce((sum, part) => sum + part.variance ** 2 / part.degrees, 0) / ofIntervals;
  // By the part of each: all of it between runs has the degrees of a two-sample t-test.
  const degrees = variance / (perDegree + (ofRuns === 0 ? 0 : ofRuns / repeats));
  return {
    difference: meanOf(next.map(({ location }) => location)) - meanOf(base.map(({ location }) => location)),
    standardError: Math.sqrt(variance),
    degrees: variance > 0 ? Math.max(1, degrees) : 1,
    betweenRuns: repeats === 0 ? null : Math.sqrt(between),
  };
}
