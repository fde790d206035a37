import { draw } from '../contract/draw.ts';
import { formatDuration } from '../contract/duration.ts';
import type { Arrivals } from '../contract/planned-scenario.ts';

/**
 * Arrivals of independent users: a Poisson process. Executors start evenly, so the planned rate is divided into cells,
 * the number of starts in each is drawn, and each flow waits for a drawn part of its cell: given their number, the
 * arrivals of a Poisson process are independent and uniform (S. M. Ross, "Introduction to Probability Models", on
 * conditional arrival times). The executor's evenness only blurs this by one cell.
 */

/** Maximum number of cells, of which each takes two stages. */
export const MOST_CELLS = 1_000;

/** A plan of random starts. */
interface PoissonPlan {
  /** Length of a cell in milliseconds: 1 s up to 1,000 s of plan, or a little less, so that cells fill it. Starts spread over as much time. */
  readonly cellMs: number;
  /** Number of starts in each cell. */
  readonly counts: readonly number[];
}

/** Length of the cells of a plan, in whole milliseconds; the last may end up to a second behind its end. */
export const cellMsOf = (lengthMs: number): number =>
  Math.ceil(lengthMs / Math.min(MOST_CELLS, Math.ceil(lengthMs / 1_000)));

/** Starts that a rate comes to until a time: the area under it. Its first point is at 0. */
export function startsUntil(rate: Arrivals, ms: number): number {
  return rate.reduce((sum, [end, to], at) => {
    const [start, from] = rate[at - 1] ?? [end, to];
    const part = Math.min(end, ms) - start;
    return part <= 0 ? sum : sum + ((from + ((to - from) * part) / (end - start) / 2) * part) / 1_000;
  }, 0);
}

/** The starts of a plan's rate, from 0 on, drawn for a seed: in each cell a Poisson number with the area under the rate as its mean. */
export function poissonPlan(seed: number, rate: Arrivals): PoissonPlan {
  const [endMs] = rate[rate.length - 1]!;
  const cellMs = cellMsOf(endMs);
  const counts: number[] = [];
  for (let at = 0; at < endMs; at += cellMs)
    counts.push(poisson(startsUntil(rate, at + cellMs) - startsUntil(rate, at), seed, `${counts.length}`));
  return { cellMs, counts };
}

/** Stages of a ramping arrival rate with `timeUnit` of one cell: at each cell the rate jumps to its count and stays. */
export function poissonStages({
  cellMs,
  counts,
}: PoissonPlan): { readonly target: number; readonly duration: string }[] {
  return counts.flatMap((target) => [
    { target, duration: '0s' },
    { target, duration: formatDuration(cellMs) },
  ]);
}

/** A Poisson number, by inversion; a large one as the sum of two. */
function poisson(mean: number, seed: number, key: string): number {
  // Up to there e^-mean is a number that the sum of the others can be compared with.
  if (mean > 500) return poisson(mean / 2, seed, `${key}a`) + poisson(mean / 2, seed, `${key}b`);
  let left = draw(seed, 'arrivals', key);
  let probability = Math.exp(-mean);
  let count = 0;
  // The second condition ends it where rounding keeps the sum from reaching the number.
  while ((left -= probability) >= 0 && probability > 0) probability *= mean / ++count;
  return count;
}
