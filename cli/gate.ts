import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import type { RunFile } from '../record/run-file.ts';

/**
 * With `--gate`, the exit code of the verdict; otherwise 0, because a record was made. Throws a ConfigurationError if
 * there are no thresholds: such a gate could never fail.
 */
export function gateCode(gate: boolean, { thresholds, end }: Pick<RunFile, 'thresholds' | 'end'>): number {
  if (!gate) return EXIT_CODES.pass.code;
  if (thresholds.length === 0)
    throw new ConfigurationError(
      "--gate: this record has no thresholds, so nothing could fail; set thresholds in the script, or pass k6's summary with --summary",
    );
  return end?.exitCode ?? EXIT_CODES.interrupted.code;
}
