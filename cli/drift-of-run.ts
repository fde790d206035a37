import { driftOf } from '../analysis/drift/collect.ts';
import type { Drift } from '../analysis/drift/drift.ts';
import { judgeDrift } from '../analysis/drift/judge-drift.ts';
import type { DriftInput } from '../analysis/drift/series.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { DriftRules } from '../record/analysis-rules.ts';
import { openRecord } from '../record/read-record.ts';
import type { RunFile } from '../record/run-file.ts';
import { driftView } from '../report/model/drift-view.ts';
import type { DriftView } from '../report/model/drift-view.ts';
import { driftSettingsOf } from './drift-flags.ts';

export interface DriftOfRun {
  readonly verdict: Drift;
  readonly view: DriftView;
}

/** Undefined: drift is not judged. A string: the judgement failed, with this message. */
export type DriftFound = DriftOfRun | string | undefined;

/** Judges drift by the rules the run was started with. Reads the record from disk, as `pairstorm drift` does. */
export async function driftOfRun(folder: string, run: RunFile, durationMs: number): Promise<DriftFound> {
  if (run.drift === undefined) return undefined;
  try {
    const input = await driftOf({ ...run, end: { durationMs } }, openRecord(folder).intervals());
    const view = viewOfDrift(input, run.drift);
    return { verdict: view.verdict, view };
  } catch (error) {
    return (error as Error).message;
  }
}

export function viewOfDrift(input: DriftInput, rules: DriftRules): DriftView {
  return driftView(judgeDrift(input, driftSettingsOf(rules)), input);
}

/** The finding for a run's drift, if it drifts or could not be judged. */
export function driftFindings(drift: DriftFound, gate: boolean): readonly Finding[] {
  if (typeof drift === 'string') return [finding('drift_not_judged', { data: { message: drift }, gate })];
  if (drift?.verdict.verdict !== 'drifts') return [];
  const series = drift.verdict.series.filter(({ kind }) => kind !== 'generator');
  const drifting = series.filter(({ verdict }) => verdict === 'drifts');
  const { name, scale, perHour } = drifting[0]!;
  return [finding('drifts', { data: { drifting: drifting.length, of: series.length, worst: name, scale, perHour } })];
}
