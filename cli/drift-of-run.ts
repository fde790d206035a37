import { driftOf } from '../analysis/drift/collect.ts';
import type { Drift } from '../analysis/drift/drift.ts';
import { judgeDrift } from '../analysis/drift/judge-drift.ts';
import type { DriftInput } from '../analysis/drift/series.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import { openRecord } from '../record/read-record.ts';
import type { DriftRules, RunFile } from '../record/run-file.ts';
import { driftView } from '../report/model/drift-view.ts';
import type { DriftView } from '../report/model/drift-view.ts';
import { driftSettingsOf } from './drift-flags.ts';

/** The verdict on drift of a run, and the series it was made of. */
export interface DriftOfRun {
  readonly verdict: Drift;
  readonly input: DriftInput;
}

/** What came of judging the drift of a run: undefined where it is not judged, a text where that failed. */
export type DriftFound = DriftOfRun | string | undefined;

/** Judges the drift of a run whose record is in a folder, by the rules that it was started with. Read back from the disk, as `pairstorm drift` does. */
export async function driftOfRun(folder: string, run: RunFile, durationMs: number): Promise<DriftFound> {
  if (run.drift === undefined) return undefined;
  try {
    const input = await driftOf({ ...run, end: { durationMs } }, openRecord(folder).intervals());
    return { input, verdict: judgeDrift(input, driftSettingsOf(run.drift)) };
  } catch (error) {
    return (error as Error).message;
  }
}

/** The view of a run's drift, for its report. */
export function viewOfDrift(input: DriftInput, rules: DriftRules): DriftView {
  return driftView(judgeDrift(input, driftSettingsOf(rules)), input);
}

/** What a run is told of its drift: that it drifts, or nothing. */
export function driftFindings(drift: DriftFound, gate: boolean): readonly Finding[] {
  if (typeof drift === 'string') return [finding('drift_not_judged', { data: { message: drift }, gate })];
  if (drift?.verdict.verdict !== 'drifts') return [];
  const series = drift.verdict.series.filter(({ kind }) => kind !== 'generator');
  const drifting = series.filter(({ verdict }) => verdict === 'drifts');
  const { name, scale, perHour } = drifting[0]!;
  return [finding('drifts', { data: { drifting: drifting.length, of: series.length, worst: name, scale, perHour } })];
}
