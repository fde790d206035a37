import { uniformNumbers } from '../../contract/draw.ts';

/** Random numbers for made records, the same for the same seed. */
export interface Noise {
  readonly uniform: () => number;
  /** Standard normal (Box & Muller). */
  readonly normal: () => number;
  /** Successes of n trials. */
  readonly binomial: (n: number, p: number) => number;
  /** First-order autoregression of n values, standard deviation 1. */
  readonly autoregression: (n: number, phi: number) => number[];
}

export function noise(seed: number): Noise {
  const uniform = uniformNumbers(seed);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    binomial(n, p) {
      let count = 0;
      // By the gaps between successes where they are few.
      if (p < 0.05) for (let at = gap(uniform(), p); at < n; at += 1 + gap(uniform(), p)) count++;
      else for (let trial = 0; trial < n; trial++) if (uniform() < p) count++;
      return count;
    },
    autoregression(n, phi) {
      const fresh = Math.sqrt(1 - phi * phi);
      let value = normal();
      return Array.from({ length: n }, () => (value = phi * value + fresh * normal()));
    },
  };
}

const gap = (u: number, p: number): number => (p <= 0 ? Infinity : Math.floor(Math.log(1 - u) / Math.log(1 - p)));
