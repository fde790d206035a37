import { join, relative } from 'node:path';
import { oneLine } from './one-line.ts';
import { readReportModel } from './record/read-report-model.ts';
import type { RunRecorder } from './record/run-recorder.ts';
import { REPORT_FORMATS } from './report-formats.ts';
import type { ResultsFolder } from './results-folder.ts';

/** What is said of the report of a run. */
interface Said {
  readonly line: string;
  /** There is none, though there should be. */
  readonly problem: boolean;
}

/**
 * Writes the page of a run that has ended into its folder, and says where it is, or why there is none: a report that cannot be made
 * changes nothing about how the run ended. Undefined where nothing was recorded, or where the record itself could not be written,
 * which was said before.
 */
export async function writeReportOfRun(results: ResultsFolder, recorder: RunRecorder): Promise<Said | undefined> {
  const { problem } = results;
  if (recorder.run === undefined || problem !== undefined) return undefined;
  const { file, load } = REPORT_FORMATS.html;
  try {
    const render = await load();
    const page = render(await readReportModel(results.path));
    if (!results.writeText(file, page)) return failed(results.problem ?? '');
  } catch (error) {
    return failed((error as Error).message);
  }
  const path = join(results.path, file);
  return { line: `report → ${relative(process.cwd(), path) || path}`, problem: false };
}

function failed(reason: string): Said {
  return { line: `warning: the report could not be written: ${oneLine(reason)}`, problem: true };
}
