import { distrust } from '../analysis/distrust.ts';
import type { Evidence } from '../analysis/distrust.ts';
import type { FaultCount } from '../analysis/unequal-faults.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { EXIT_CODES } from '../contract/exit-codes.ts';
import { outcomeTable } from '../contract/outcome-table.ts';
import { STANDARD_FAULTS } from '../contract/phases.ts';
import { selector } from '../contract/selector.ts';
import type { SummaryData } from '../contract/summary-data.ts';
import type { RunPlan, RunResult } from '../engine/run.ts';

/** A gate that nothing can close is none. Throws a ConfigurationError for a run without thresholds. */
export function requireThresholds({ thresholds }: RunPlan, script: string): void {
  if (thresholds.length > 0) return;
  throw new ConfigurationError(
    `--gate: no threshold judges ${script}, so the run could not fail; leave out --no-thresholds, or give the script thresholds`,
  );
}

/**
 * How a run ends as a gate: with 99 also where the numbers cannot be trusted though every threshold held. `starts`: flow
 * starts that the simulator of the run answered; undefined where there was none, or where it did not say. A run that
 * ended otherwise than by its thresholds keeps its verdict.
 */
export function gated(result: RunResult, starts: number | undefined): RunResult {
  if (result.verdict !== 'pass' && result.verdict !== 'fail') return result;
  const reasons = distrust(evidence(result, starts));
  if (reasons.length === 0) return result;
  const before = result.verdict === 'fail' && result.reason !== undefined ? [result.reason] : [];
  return {
    ...result,
    exit: 'thresholds_failed',
    verdict: 'fail',
    exitCode: EXIT_CODES.thresholds_failed.code,
    reason: [...before, ...reasons].join('; '),
  };
}

/** What a run tells of itself, by its summary and the count of the host. */
function evidence({ summary, iterations }: RunResult, starts: number | undefined): Evidence {
  const count = (metric: string): number | undefined => summary.metrics[metric]?.values['count'];
  const started = count('flows');
  return {
    flows:
      started === undefined ? undefined : { started, ended: count('flow_outcomes') ?? 0, table: outcomeTable(summary) },
    ...{ iterations, starts },
    faults: STANDARD_FAULTS.map((fault) => faultCount(summary, fault)),
  };
}

function faultCount({ metrics }: SummaryData, fault: string): FaultCount {
  const sum = (metric: string): number =>
    ['named', 'cut'].reduce((n, how) => n + (metrics[selector(metric, { fault, how })]?.values['count'] ?? 0), 0);
  return { fault, seen: sum('faults_seen'), served: sum('faults_served') };
}
