import { join, relative } from 'node:path';
import { readReportModel } from './record/read-report-model.ts';
import type { RunRecorder } from './record/run-recorder.ts';
import { REPORT_FORMATS } from './report-formats.ts';
import type { ResultsFolder } from './results-folder.ts';
import { oneLine } from './one-line.ts';

/**
 * Writes the page of a run that has ended into its folder, and says in one line where it is, or why there is none: a report that
 * cannot be made changes nothing about how the run ended. Undefined where nothing was recorded.
 */
export async function writeReportOfRun(results: ResultsFolder, recorder: RunRecorder): Promise<string | undefined> {
  if (recorder.run === undefined) return undefined;
  const { file, load } = REPORT_FORMATS.html;
  try {
    const render = await load();
    results.writeText(file, render(await readReportModel(results.path)));
  } catch (error) {
    return `warning: the report could not be made: ${oneLine((error as Error).message)}`;
  }
  const path = join(results.path, file);
  return results.problem === undefined ? `report → ${relative(process.cwd(), path) || path}` : undefined;
}
