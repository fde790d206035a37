import { join, relative } from 'node:path';
import type { ReportModel } from '../report/model/report-model.ts';
import { oneLine } from './one-line.ts';
import { REPORT_FORMATS } from './report-formats.ts';
import type { ReportFormat } from './report-formats.ts';
import type { ResultsFolder } from '../record/results-folder.ts';

interface Said {
  readonly line: string;
  /** Why the report could not be written. */
  readonly problem?: string;
}

/** Formats written by every run, and by a run with `--gate`. */
const FORMS = ['html'] as const;
const GATE_FORMS = ['html', 'junit', 'markdown'] as const;

/**
 * Writes the reports of a finished run into its folder, with `gate` also those for CI. Returns the line that names the
 * page, or the problem: a failed report does not change the verdict.
 */
export async function writeReportOfRun(results: ResultsFolder, model: ReportModel, gate: boolean): Promise<Said> {
  try {
    for (const name of gate ? GATE_FORMS : FORMS) {
      const { file, load }: ReportFormat = REPORT_FORMATS[name];
      if (!results.replaceText(file, (await load())(model))) return failed(results.problem ?? '');
    }
  } catch (error) {
    return failed((error as Error).message);
  }
  const path = join(results.path, REPORT_FORMATS.html.file);
  return { line: `report → ${relative(process.cwd(), path) || path}` };
}

function failed(problem: string): Said {
  return { line: `warning: the report could not be written: ${oneLine(problem)}`, problem };
}
