import { draw } from '../contract/draw.ts';
import type { SimulatorStep } from './call.ts';

/**
 * Median service time of each step in milliseconds, without queueing: a small PingFederate with its user directory, and
 * PingOne a region away. Estimates of the right order of magnitude, not measurements. [choice]
 */
const MEDIAN_MS: Readonly<Partial<Record<SimulatorStep, number>>> = {
  start: 12,
  readFlow: 4,
  submitIdentifier: 15,
  checkUsernamePassword: 35,
  authenticate: 80,
  selectDevice: 70,
  poll: 25,
  checkOtp: 50,
  continueAuthentication: 20,
  cancelAuthentication: 10,
  token: 12,
  userinfo: 8,
  introspect: 8,
};

/** How service times scatter. */
type Shape = 'lognormal' | 'exponential' | 'fixed';

/** Draws service times: the n-th of a step depends on seed, step and n alone. Log-normal ones by Box and Muller. */
export class LatencyModel {
  readonly #seed: number;
  readonly #scale: number;
  readonly #sigma: number;
  readonly #medianMs: number;
  readonly #shape: Shape;
  readonly #drawn = new Map<SimulatorStep, number>();

  /**
   * `scale` multiplies the medians; `sigma` is the standard deviation of the logarithm; `medianMs`: the median of every step
   * alike, 0 for the table's. Of exponential times it is the mean.
   */
  constructor(seed: number, scale: number, sigma: number, medianMs = 0, shape: Shape = 'lognormal') {
    this.#shape = shape;
    this.#medianMs = medianMs;
    this.#seed = seed;
    this.#scale = scale;
    this.#sigma = sigma;
  }

  /** Whether a step takes any time: those of the phone and of the admin API take none. */
  has(step: SimulatorStep): boolean {
    return MEDIAN_MS[step] !== undefined;
  }

  /** The next service time of a step, in milliseconds; 0 for a step without one. */
  next(step: SimulatorStep): number {
    const own = MEDIAN_MS[step];
    if (own === undefined) return 0;
    const median = this.#medianMs === 0 ? own : this.#medianMs;
    const n = this.#drawn.get(step) ?? 0;
    this.#drawn.set(step, n + 1);
    if (this.#shape === 'fixed') return median * this.#scale;
    if (this.#shape === 'exponential')
      return -median * this.#scale * Math.log(1 - draw(this.#seed, 'latency-radius', step, n));
    const radius = Math.sqrt(-2 * Math.log(1 - draw(this.#seed, 'latency-radius', step, n)));
    const normal = radius * Math.cos(2 * Math.PI * draw(this.#seed, 'latency-angle', step, n));
    return median * this.#scale * Math.exp(this.#sigma * normal);
  }
}
