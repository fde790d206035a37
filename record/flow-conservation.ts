import type { Iterations, RunFile } from './run-file.ts';

/**
 * Iterations by the count of the host; undefined where it did not count those that it cut off (k6 does not say, a killed run could
 * not), and where the record says that its count was made out of the flows.
 */
export function countedIterations({
  host,
  end,
}: Pick<RunFile, 'host'> & { readonly end: { readonly iterations: Iterations } | null }): Iterations | undefined {
  return host === 'k6' || end?.iterations.derived === true ? undefined : end?.iterations;
}

/** Flows that were started, and those that ended in an outcome. */
export interface FlowCounts {
  readonly started: number;
  readonly ended: number;
}

/**
 * Whether no flow was lost: those without an outcome are as many as the iterations that the host cut off, or, where not every
 * iteration is a flow, no more. Null (not judged) where the host did not count.
 */
export function flowsConserved({ started, ended }: FlowCounts, iterations: Iterations | undefined): boolean | null {
  if (iterations === undefined || iterations.started === 0) return null;
  const cutOff = started - ended;
  if (iterations.started === started) return cutOff === iterations.interrupted;
  return cutOff >= 0 && cutOff <= iterations.interrupted;
}

/** The same in words. `interrupted`: iterations that the host cut off; null: it did not count. */
export function conservationWords({ started, ended }: FlowCounts, interrupted: number | null): string {
  return `flows started ${started} = ended ${ended} + cut off ${started - ended}; iterations that the host cut off: ${
    interrupted ?? 'not counted, so this is not judged'
  }`;
}
