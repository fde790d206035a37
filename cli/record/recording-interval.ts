import { executorOf, regularDurationMs } from '../../engine/executors/table.ts';
import type { ExecutionPlan } from '../../engine/run-options.ts';
import type { Script } from '../script.ts';

/** Lengths that a recording interval may have unless `--interval` says one, in milliseconds. */
const LENGTHS_MS = [60_000, 30_000, 20_000, 15_000, 10_000, 5_000] as const;
const SHORTEST_MS = 1_000;
/**
 * Intervals that a long run has at least: three for each of the 480 bins in which drift is judged. A record grows with their
 * number: 12 h at 80 flows a second are 859 MB by the second, 311 in intervals of 10 s, 155 in intervals of 30 s.
 */
const LEAST = 1_440;
/** A run as long as this is long. */
const LONG_MS = 2 * 3_600_000;
/** Longest for metrics that somebody watches: Prometheus and the live page are sent them as often, and dashboards compute rates from that. */
const LONGEST_WATCHED_MS = 5_000;
/** Judged second by second: when a fault began and was over, when a level ended. */
const BY_THE_SECOND: readonly string[] = ['resilience', 'capacity', 'spike'];

/**
 * Length of the recording intervals of a run, by the length of its plan, in milliseconds: a second below two hours.
 * `watched`: metrics go to Prometheus or to a live page, too.
 */
export function recordingIntervalMs(
  { builtIn, name }: Script,
  { scenarios }: Pick<ExecutionPlan, 'scenarios'>,
  watched: boolean,
): number {
  if (builtIn && BY_THE_SECOND.includes(name)) return SHORTEST_MS;
  // Iterations that are counted may be over long before their time is.
  if (scenarios.some((plan) => executorOf(plan).iterations !== undefined)) return SHORTEST_MS;
  const lengthMs = Math.max(...scenarios.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
  if (lengthMs < LONG_MS) return SHORTEST_MS;
  const longest = watched ? LONGEST_WATCHED_MS : Infinity;
  return LENGTHS_MS.find((ms) => ms <= longest && ms * LEAST <= lengthMs) ?? SHORTEST_MS;
}
