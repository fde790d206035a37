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
  junit: {
    summary: 'one test case per threshold, flow kind and invariant, for CI',
    file: 'junit.xml',
    load: async () => (await import('../report/junit.ts')).junitReport,
  },
  markdown: {
    summary: 'fit for a comment on a pull request',
    file: 'report.md',
    load: async () => (await import('../report/markdown.ts')).markdownReport,
  },
  json: {
    summary: 'the figures as one object, for scripts; docs/ci.md',
    file: 'report.json',
    load: async () => (await import('../report/json.ts')).jsonReport,
  },
  csv: {
    summary: 'a row per metric and tags, for spreadsheets',
    file: 'report.csv',
    load: async () => (await import('../report/csv.ts')).csvReport,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>;

/** Name of a form. */
export type ReportFormatName = keyof typeof REPORT_FORMATS;
