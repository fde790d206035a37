import { uniformNumbers } from '../../contract/draw.ts';
import type { BucketMatrix } from './bucket-matrix.ts';
import { circularBlocks } from './circular-blocks.ts';
import { tooShort } from './estimate.ts';
import type { Draft, NoEstimate } from './estimate.ts';
import { dependenceOf } from './long-run-variance.ts';

/** Number of resamples; the standard error then varies by 2 %. */
const RESAMPLES = 1_000;

/** Minimum samples on either side of the percentile; with fewer, its standard error is meaningless. */
const FEWEST_BEYOND = 20;

/**
 * Percentile p of a run and the standard error of its logarithm: the standard deviation over resampled blocks of
 * intervals with merged histograms (circular-blocks.ts). Block length and corrections are those of the percentile's
 * influence series (long-run-variance.ts), from which its variation comes.
 */
export function draftPercentile(matrix: BucketMatrix, p: number, seed: number): Draft | NoEstimate {
  const { samples, length } = matrix;
  const short = tooShort(length);
  if (short !== undefined) return short;
  const share = Math.min(p, 100 - p) / 100;
  const needed = Math.ceil(FEWEST_BEYOND / share - 1e-9);
  if (samples < needed) return { reason: `${samples} samples, p${p} needs ${needed}` };
  const whole = { from: Int32Array.of(0), to: Int32Array.of(length), count: 1 };
  const place = matrix.percentile(p, whole);
  if (place === undefined) return { reason: 'not above zero, so no relative difference' };
  const influence = matrix.influence(p, place);
  return {
    influence,
    finish(decay) {
      const { blockLength, inflation, degrees } = dependenceOf(influence, decay);
      const resample = circularBlocks(length, blockLength, uniformNumbers(seed));
      const logarithms = new Float64Array(RESAMPLES);
      for (let at = 0; at < RESAMPLES; at++) {
        const again = matrix.percentile(p, resample(), place.column);
        if (again === undefined) return { reason: 'too few intervals with samples above zero' };
        logarithms[at] = Math.log(again.value);
      }
      return {
        value: place.value,
        location: Math.log(place.value),
        standardError: inflation * standardDeviation(logarithms),
        ...{ degrees, samples, intervals: length, blockLength },
      };
    },
  };
}

function standardDeviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
