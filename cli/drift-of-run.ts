import { driftOf } from '../analysis/drift/collect.ts';
import type { Drift } from '../analysis/drift/drift.ts';
import { judgeDrift } from '../analysis/drift/judge-drift.ts';
import type { DriftInput } from '../analysis/drift/series.ts';
import { openRecord } from '../record/read-record.ts';
import type { DriftRules, RunFile } from '../record/run-file.ts';
import { driftView } from '../report/model/drift-view.ts';
import type { DriftView } from '../report/model/drift-view.ts';
import { driftSettingsOf } from './drift-flags.ts';

/** The verdict on drift of a run, as data and as it is shown. */
export interface DriftOfRun {
  readonly verdict: Drift;
  readonly view: DriftView;
}

/** What came of judging the drift of a run: undefined where it is not judged, a text where that failed. */
export type DriftFound = DriftOfRun | string | undefined;

/** Judges the drift of a run whose record is in a folder, by the rules that it was started with. Read back from the disk, as `pairstorm drift` does. */
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

/** The view of a run's drift, for its report. */
export function viewOfDrift(input: DriftInput, rules: DriftRules): DriftView {
  return driftView(judgeDrift(input, driftSettingsOf(rules)), input);
}
