import { join, relative } from 'node:path';
import type { ReportModel } from '../report/model/report-model.ts';
import { oneLine } from './one-line.ts';
import { REPORT_FORMATS } from './report-formats.ts';
import type { ReportFormat } from './report-formats.ts';
import type { ResultsFolder } from '../record/results-folder.ts';

/** What is said of the report of a run. */
interface Said {
  readonly line: string;
  /** Why there is none, though there should be. */
  readonly problem?: string;
}

/** Forms that every run writes, and those that a pipeline reads (`--gate`). */
const FORMS = ['html'] as const;
const GATE_FORMS = ['html', 'junit', 'markdown'] as const;

/**
 * Writes the reports of a run that has ended into its folder, those of a pipeline too if it is a `gate`, and says where the page is,
 * or why there is none: a report that cannot be made changes nothing about how the run ended.
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
