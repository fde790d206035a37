import { readFileSync } from 'node:fs';
import { vusOf } from '../engine/executors/table.ts';
import type { ExecutionPlan } from '../engine/run-options.ts';

/** Descriptors per VU with its own connections: some flows use two at a time. */
const PER_VU = 1.8;
/** The process's own files, threads and pipes. */
const OF_THE_PROCESS = 40;
/** Origins used by our flows: PingFederate and the phone. */
const ORIGINS = 2;
/** Share of the limit from which the line is printed. */
const CLOSE = 0.8;

/** Estimated peak of descriptors. `shared`: limit of connections per origin when all VUs share one pool. */
export function descriptorsNeeded(
  { scenarios, segment }: Pick<ExecutionPlan, 'scenarios' | 'segment'>,
  shared?: number,
): number {
  const vus = scenarios.reduce((sum, plan) => sum + segment.count(vusOf(plan).atMost), 0);
  const connections = Math.min(vus * PER_VU, (shared ?? Infinity) * ORIGINS);
  return Math.ceil(connections) + OF_THE_PROCESS;
}

/** Undefined if there are plenty of descriptors, or the limit is unknown. */
export function descriptorLine(needed: number, limit: number | undefined): string | undefined {
  if (limit === undefined || needed <= CLOSE * limit) return undefined;
  const count = (value: number): string => value.toLocaleString('en-US');
  const line = `descriptors  about ${count(needed)} needed, limit ${count(limit)}`;
  return needed > limit
    ? `warning: ${line}: raise "ulimit -n", or share connections (--shared-connections), or requests will fail on this machine`
    : line;
}

/** Warns if a run may exhaust descriptors. `shared`: the flag --shared-connections; true means no limit. */
export function warnOfDescriptors(
  plan: ExecutionPlan,
  shared: number | true | undefined,
  warn: (line: string) => void,
): void {
  const needed = descriptorsNeeded(plan, shared === true ? undefined : shared);
  const line = descriptorLine(needed, descriptorLimit());
  if (line !== undefined) warn(line);
}

/** This process's descriptor limit; undefined if unknown or unlimited. */
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

/** The soft limit in /proc/self/limits; Node raises it to the hard limit at startup. */
export function limitIn(limits: string): number | undefined {
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? undefined : Number(soft);
}
