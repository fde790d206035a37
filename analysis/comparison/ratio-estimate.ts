import type { Draft, NoEstimate } from './estimate.ts';
import { tooShort } from './estimate.ts';
import { blockVariance, dependenceOf } from './long-run-variance.ts';

/** Minimum samples of a share. */
const FEWEST_SAMPLES = 20;

const sumOf = (series: Float64Array): number => series.reduce((sum, value) => sum + value, 0);

/**
 * A share (passes out of samples, by interval) and its standard error. The variance is that of the circular block
 * bootstrap used for percentiles; sums need no resampling (long-run-variance.ts), and to first order a ratio is a sum.
 * It is at least that of independent samples with one more of either kind (A. Agresti, B. Caffo, American Statistician
 * 54 (2000) 280–288), so that a share of 0 is not taken as certain.
 */
export function draftShare(samples: Float64Array, passes: Float64Array): Draft | NoEstimate {
  const intervals = samples.length;
  const short = tooShort(intervals);
  if (short !== undefined) return short;
  const count = sumOf(samples);
  if (count < FEWEST_SAMPLES) return { reason: `${count} samples, a share needs ${FEWEST_SAMPLES}` };
  const passed = sumOf(passes);
  const value = passed / count;
  const influence = samples.map((here, t) => passes[t]! - value * here);
  return {
    influence,
    finish(decay) {
      const { blockLength, inflation, degrees } = dependenceOf(influence, decay);
      const deviation = (inflation * Math.sqrt(intervals * blockVariance(influence, blockLength))) / count;
      const cautious = (passed + 1) / (count + 2);
      const standardError = Math.max(deviation, Math.sqrt((cautious * (1 - cautious)) / count));
      return { value, location: value, standardError, degrees, samples: count, intervals, blockLength };
    },
  };
}

/**
 * Events per second, and the standard error of the logarithm, as for a share; at least that of one event more or less.
 * `intervalMs` is the length of an interval.
 */
export function draftRate(events: Float64Array, intervalMs: number): Draft | NoEstimate {
  const intervals = events.length;
  const short = tooShort(intervals);
  if (short !== undefined) return short;
  const count = sumOf(events);
  if (count < FEWEST_SAMPLES) return { reason: `${count} events, a rate needs ${FEWEST_SAMPLES}` };
  return {
    influence: events,
    finish(decay) {
      const { blockLength, inflation, degrees } = dependenceOf(events, decay);
      const deviation = (inflation * Math.sqrt(intervals * blockVariance(events, blockLength))) / count;
      return {
        value: (1_000 * count) / (intervals * intervalMs),
        location: Math.log(count / (intervals * intervalMs)),
        standardError: Math.max(deviation, 1 / count),
        ...{ degrees, samples: count, intervals, blockLength },
      };
    },
  };
}
