import type { ReportModel } from '../model/report-model.ts';

/** The report as one HTML page that needs nothing else. */
export function htmlReport(model: ReportModel): string {
  return model.verdict.word;
}
