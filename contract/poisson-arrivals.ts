import { draw } from './draw.ts';
import { plannedArrivals } from './planned-scenario.ts';
import type { Arrivals } from './planned-scenario.ts';

/**
 * Arrivals of independent users: a Poisson process. Executors start evenly, so the planned rate is divided into cells,
 * the number of starts in each is drawn, and each flow waits for a drawn part of its cell: given their number, the
 * arrivals of a Poisson process are independent and uniform (S. M. Ross, "Introduction to Probability Models", on
 * conditional arrival times). The executor's evenness only blurs this by one cell.
 */

/** Maximum number of stages; a cell takes two. */
export const MOST_STAGES = 2_000;

/** A plan of random starts. */
interface PoissonPlan {
  /** Length of a cell in milliseconds, in whole seconds: 1 s up to 1,000 s of plan. */
  readonly cellMs: number;
  /** Number of starts in each cell. */
  readonly counts: readonly number[];
}

/** Above this mean the normal approximation is used: skewness is below 0.05 there, and e^-mean is still a number. */
const LARGEST_INVERTED = 500;

/** Draws the starts of a planned rate for a seed: a Poisson number per cell, whose mean is the area under the rate. */
export function poissonPlan(seed: number, rate: Arrivals): PoissonPlan {
  const from = rate[0]?.[0] ?? 0;
  const end = rate[rate.length - 1]?.[0] ?? 0;
  const cellMs = 1_000 * Math.max(1, Math.ceil((end - from) / (MOST_STAGES / 2) / 1_000));
  const cells = Math.ceil((end - from) / cellMs);
  const counts = Array.from({ length: cells }, (_, cell) => {
    const start = from + cell * cellMs;
    return poisson(plannedArrivals(rate, start, Math.min(end, start + cellMs)), seed, cell);
  });
  return { cellMs, counts };
}

/** Stages of a ramping arrival rate with `timeUnit` of one cell: at each cell the rate jumps to its count and stays. */
export function poissonStages({
  cellMs,
  counts,
}: PoissonPlan): { readonly target: number; readonly duration: string }[] {
  return counts.flatMap((target) => [
    { target, duration: '0s' },
    { target, duration: `${cellMs / 1_000}s` },
  ]);
}

/** How long a flow waits before its first request, in milliseconds of real time, independent of TIME_SCALE. */
export function spreadMs(seed: number, iteration: number, cellMs: number): number {
  return cellMs * draw(seed, 'spread', iteration);
}

/** A Poisson number by inversion; for a large mean, a rounded normal number (Box & Muller). */
function poisson(mean: number, seed: number, cell: number): number {
  const uniform = draw(seed, 'arrivals', cell);
  if (mean > LARGEST_INVERTED) {
    const angle = 2 * Math.PI * draw(seed, 'arrivals', cell, 'angle');
    return Math.max(0, Math.round(mean + Math.sqrt(-2 * mean * Math.log(1 - uniform)) * Math.cos(angle)));
  }
  let probability = Math.exp(-mean);
  let below = probability;
  let count = 0;
  // The second condition terminates the loop if rounding keeps the sum below `uniform`.
  while (uniform >= below && count < mean + 50 + 10 * Math.sqrt(mean)) {
    count++;
    probability *= mean / count;
    below += probability;
  }
  return count;
}
