import { readFileSync } from 'node:fs';
import { vusOf } from '../engine/executors/table.ts';
import type { ExecutionPlan } from '../engine/run.ts';

/** Descriptors that a virtual user needs with connections of its own: some flows use two at a time. */
const PER_VU = 1.8;
/** What the process itself needs: its files, threads and pipes. */
const OF_THE_PROCESS = 40;
/** Origins that our flows talk to: PingFederate and the phone. */
const ORIGINS = 2;
/** From this share of the limit on there is something to say. */
const CLOSE = 0.8;

/** About how many descriptors a run needs at most. `shared`: most connections to an origin, where all virtual users share them. */
export function descriptorsNeeded(
  { scenarios, segment }: Pick<ExecutionPlan, 'scenarios' | 'segment'>,
  shared?: number,
): number {
  const vus = scenarios.reduce((sum, plan) => sum + segment.count(vusOf(plan).atMost), 0);
  const connections = Math.min(vus * PER_VU, (shared ?? Infinity) * ORIGINS);
  return Math.ceil(connections) + OF_THE_PROCESS;
}

/** The line on descriptors; undefined where there is room enough, or where the limit is not known. */
export function descriptorLine(needed: number, limit: number | undefined): string | undefined {
  if (limit === undefined || needed <= CLOSE * limit) return undefined;
  const count = (value: number): string => value.toLocaleString('en-US');
  const line = `descriptors  about ${count(needed)} needed, limit ${count(limit)}`;
  return needed > limit
    ? `warning: ${line}: raise "ulimit -n", or share connections (--shared-connections), or requests will fail on this machine`
    : line;
}

/** Says so of a run. `shared`: the flag --shared-connections; true is a pool without a limit. */
export function warnOfDescriptors(
  plan: ExecutionPlan,
  shared: number | true | undefined,
  warn: (line: string) => void,
): void {
  const needed = descriptorsNeeded(plan, shared === true ? undefined : shared);
  const line = descriptorLine(needed, descriptorLimit());
  if (line !== undefined) warn(line);
}

/** Most descriptors that this process may have; undefined: not known, or no limit. */
export function descriptorLimit(): number | undefined {
  try {
    return limitIn(readFileSync('/proc/self/limits', 'utf8'));
  } catch {
    // Not Linux.
    const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
    const soft = Number(userLimits?.open_files?.soft);
    return Number.isFinite(soft) && soft > 0 ? soft : undefined;
  }
}

/** The soft limit that /proc/self/limits tells; Node raises it to the hard one when it starts. */
export function limitIn(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}
