import type { RecordTotals } from './record-totals.ts';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { Iterations, RunFile } from './run-file.ts';

/**
 * Iterations as samples tell them: `iterations` counts those that ended; a flow without an outcome was cut off
 * (`interrupted`; docs/architecture.md, "The journey"), and other scripts do not say.
 */
export function iterationsOf(totals: RecordTotals): Iterations {
  const sum = (metric: string): number => {
    const total = totals.select(metric);
    return total !== undefined && 'sum' in total ? Math.max(0, Math.round(total.sum)) : 0;
  };
  const completed = sum('iterations');
  const interrupted = Math.max(0, sum('flows') - sum('flow_outcomes'));
  const dropped = sum('dropped_iterations');
  const started = completed + interrupted;
  return { planned: started + dropped, started, completed, interrupted, dropped, derived: true };
}

/**
 * Exit code of a command with `--gate`: the verdict's; without the flag 0, because a record was made. Throws a
 * ConfigurationError where nothing could have failed: a gate that is always open is a mistake.
 */
export function gateCode(gate: boolean, { thresholds, end }: Pick<RunFile, 'thresholds' | 'end'>): number {
  if (!gate) return EXIT_CODES.pass.code;
  if (thresholds.length === 0)
    throw new ConfigurationError(
      "--gate: this record has no threshold, so nothing could fail; set thresholds in the script, or give k6's summary with --summary",
    );
  return end?.exitCode ?? EXIT_CODES.interrupted.code;
}
