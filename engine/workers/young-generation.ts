import os from 'node:os';
import type { Partition } from '../executors/partition.ts';
import { peakNeed } from '../executors/peak-need.ts';
import { executorOf, vusOf } from '../executors/table.ts';
import type { ScenarioPlan } from '../executors/table.ts';

const MIB = 2 ** 20;
/**
 * What an iteration of some requests allocates, from its start to its end (bench/RESULTS.md). A semi-space that holds as
 * much for each iteration under way is collected once an iteration, when little of it is left to copy; a smaller one
 * copies the state of the same iterations again and again.
 */
const PER_ITERATION = 96 * 1024;
/** The smallest semi-space given, and the largest: beyond it a collection gets too long for a timer. */
const SEMI_SPACE = { least: 16 * MIB, most: 128 * MIB } as const;
/** V8 counts two semi-spaces, and as much for large objects. */
const PARTS = 3;
/** Share of the machine's memory that the semi-spaces of all threads may take: one is in use and one is copied to. */
const MEMORY_SHARE = 1 / 8;

/**
 * Limit of the young generation of each of `threads` worker threads, in MiB, for the iterations that the plan has under
 * way at a time. It is always given, as V8's default differs between versions: 48, 192 or 96 MiB. Iterations that start
 * at a rate count for a second: whoever waits longer is moved to the old generation, whatever the size. V8 takes only
 * what it fills.
 */
export function youngGenerationMiB(
  plans: readonly ScenarioPlan[],
  part: Partition,
  threads: number,
  machineBytes: number = usableMemory(),
): number {
  const underWay = peakNeed(plans, (plan) => Math.min(part.count(vusOf(plan).atMost), startsPerSecond(plan, part)));
  const wanted = (underWay / threads) * PER_ITERATION;
  const most = Math.min(SEMI_SPACE.most, (machineBytes * MEMORY_SHARE) / (2 * threads));
  let semiSpace: number = SEMI_SPACE.least;
  while (semiSpace < wanted && 2 * semiSpace <= most) semiSpace *= 2;
  return (PARTS * semiSpace) / MIB;
}

/** A part of so many starts is its share, to a thousandth. */
const MANY = 1_000;

/** This part's share of the highest planned rate; Infinity for executors that start an iteration when another one ends. */
function startsPerSecond(plan: ScenarioPlan, part: Partition): number {
  const arrivals = executorOf(plan).arrivals?.(plan);
  if (arrivals === undefined) return Infinity;
  return (Math.max(...arrivals.map(([, perSecond]) => perSecond)) * part.count(MANY)) / MANY;
}

/** Memory of the machine, or of the container. */
function usableMemory(): number {
  // 0 or a huge number: there is no limit.
  return Math.min(os.totalmem(), process.constrainedMemory() || Infinity);
}
