import type { ReportModel } from '../report/model/report-model.ts';

export interface ReportFormat {
  /** Its purpose, in a few words. */
  readonly summary: string;
  /** Name of the file, written beside the record. */
  readonly file: string;
  readonly load: () => Promise<(model: ReportModel) => string>;
}

/** All report formats, each a renderer of the same model; only the requested one is loaded. */
export const REPORT_FORMATS = {
  html: {
    summary: 'one self-contained page to read, print and share',
    file: 'report.html',
    load: async () => (await import('../report/html/page.ts')).htmlReport,
  },
  junit: {
    summary: 'for CI: one test case per threshold, flow kind and invariant',
    file: 'junit.xml',
    load: async () => (await import('../report/junit.ts')).junitReport,
  },
  markdown: {
    summary: 'for a comment on a pull request',
    file: 'report.md',
    load: async () => (await import('../report/markdown.ts')).markdownReport,
  },
  json: {
    summary: 'for scripts: the figures as one object (docs/ci.md)',
    file: 'report.json',
    load: async () => (await import('../report/json.ts')).jsonReport,
  },
  csv: {
    summary: 'for spreadsheets: a row per metric and tag set',
    file: 'report.csv',
    load: async () => (await import('../report/csv.ts')).csvReport,
  },
} as const satisfies Readonly<Record<string, ReportFormat>>;

/** The first screen of the page alone. */
export const ONE_PAGE: ReportFormat = {
  summary: 'the first screen of the page',
  file: 'one-page.html',
  load: async () => (await import('../report/html/page.ts')).onePageReport,
};

export type ReportFormatName = keyof typeof REPORT_FORMATS;
