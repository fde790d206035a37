import type { DriftInput, Point, Series } from '../../../analysis/drift/series.ts';
import type { Noise } from '../made-noise.ts';

/** Nights whose truth is known: minutes that wander about a level, as an autoregression of order 1 does. */
export interface Night {
  readonly hours: number;
  /** Autocorrelation from minute to minute. */
  readonly phi: number;
  /** Standard deviation of ln y. */
  readonly scatter: number;
}

export const USUAL_NIGHT: Night = { hours: 8, phi: 0.8, scatter: 0.03 };

/** What is added to ln y at a time, in hours since the run began. */
export type Truth = (hours: number) => number;

export const NOTHING: Truth = () => 0;
export const line =
  (perHour: number): Truth =>
  (hours) =>
    perHour * hours;

/** The length of a bin of such a night, in seconds: a minute of eight hours. */
export const binOf = ({ hours }: Night): number => (hours * 3600) / 480;

/** The autocorrelation of bins of a night of another length than eight hours, if that of a minute is φ. */
export const phiOfBin = (night: Night): number => night.phi ** (binOf(night) / 60);

export function latency(noise: Noise, night: Night, truth: Truth, name = 'p50(poll_duration)'): Series {
  const wander = noise.autoregression(480, phiOfBin(night));
  return latencyOf(
    night,
    wander.map((value) => night.scatter * value),
    truth,
    name,
  );
}

/** A latency of 200 ms whose logarithm is moved by `scatter` and the truth. */
export function latencyOf(night: Night, scatter: readonly number[], truth: Truth, name: string): Series {
  const bin = binOf(night);
  const points = scatter.map((value, i): Point => {
    const t = (i + 0.5) * bin;
    return { t, y: 200 * Math.exp(value + truth(t / 3600)) };
  });
  return { name, kind: 'latency', scale: 'ln', badWay: 'up', points };
}

export const nightOf = (night: Night, series: readonly Series[]): DriftInput => ({
  startedAt: Date.UTC(2026, 10, 25, 0, 0),
  seconds: night.hours * 3600,
  series,
});
