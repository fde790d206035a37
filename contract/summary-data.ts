/** What `handleSummary(data)` gets on both hosts (k6-contract.md 4.5), as far as we read it. */
export interface SummaryData {
  readonly root_group: unknown;
  readonly options: { readonly summaryTrendStats: readonly string[]; readonly summaryTimeUnit: string };
  readonly state: { readonly testRunDurationMs: number; readonly [flag: string]: unknown };
  /** By metric name, or by threshold selector `name{tag:value}`. */
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
}

/** One metric or sub-metric of the summary. */
export interface SummaryMetric {
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly contains: 'default' | 'time' | 'data';
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}
