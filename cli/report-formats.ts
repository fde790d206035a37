import type { ReportModel } from '../report/model/report-model.ts';

/** A form of the report. */
export interface ReportFormat {
  /** What it is for, in a few words. */
  readonly summary: string;
  /** Name of the file that is written beside the record. */
  readonly file: string;
  readonly load: () => Promise<(model: ReportModel) => string>;
}

/** Every form of the report by its name: one renderer each, over one model. Only the one that is asked for is loaded. */
export const REPORT_FORMATS = {
  html: {
    summary: 'one page to read, print and send on; needs no network',
    file: 'report.html',
    load: async () => (await import('../report/html/page.ts')).htmlReport,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>;

/** Name of a form. */
export type ReportFormatName = keyof typeof REPORT_FORMATS;
