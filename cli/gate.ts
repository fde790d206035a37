import { ConfigurationError } from '../contract/configuration-error.ts';
import type { RunPlan } from '../engine/run.ts';

/** A gate that nothing can close is none. Throws a ConfigurationError for a run without thresholds. */
export function requireThresholds({ thresholds }: RunPlan, script: string): void {
  if (thresholds.length > 0) return;
  throw new ConfigurationError(
    `--gate: no threshold judges ${script}, so the run could not fail; leave out --no-thresholds, or give the script thresholds`,
  );
}
