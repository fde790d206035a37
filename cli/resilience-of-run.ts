import { RecoveryCollector } from '../analysis/recovery/collect.ts';
import type { RecoveryInput } from '../analysis/recovery/collect.ts';
import { judgeResilience } from '../analysis/recovery/resilience.ts';
import { openRecord } from '../record/read-record.ts';
import { RESILIENCE_RULES } from '../record/analysis-rules.ts';
import type { RunFile } from '../record/run-file.ts';
import type { ResilienceRules } from '../record/analysis-rules.ts';
import { resilienceView } from '../report/model/resilience-view.ts';
import type { ResilienceView } from '../report/model/resilience-view.ts';

/** Undefined: the run has no faults to judge. A string: the judgement failed, with this message. */
export type ResilienceFound = ResilienceView | string | undefined;

type JudgedRun = Pick<RunFile, 'startedAt' | 'intervalMs' | 'settings' | 'resilience'>;

/**
 * Judges the faults of a run by the rules that it was started with. Reads the record from disk, as `pairstorm report`
 * does.
 */
export async function resilienceOfRun(folder: string, run: JudgedRun): Promise<ResilienceFound> {
  if (run.resilience === undefined) return undefined;
  try {
    const collector = new RecoveryCollector(run);
    for await (const interval of openRecord(folder).intervals()) collector.add(interval);
    return viewOfResilience(collector.finish(), run);
  } catch (error) {
    return (error as Error).message;
  }
}

export function viewOfResilience(
  input: RecoveryInput,
  run: Pick<JudgedRun, 'settings' | 'resilience'>,
): ResilienceView {
  const rules: ResilienceRules = run.resilience ?? RESILIENCE_RULES;
  return resilienceView(judgeResilience(input, rules, run));
}
