/** k6's metric types (k6-contract.md 4.1). */
export const METRIC_TYPES = ['counter', 'gauge', 'rate', 'trend'] as const;
export type MetricType = (typeof METRIC_TYPES)[number];

/** What a metric's numbers are: plain, milliseconds, or bytes. */
export const CONTENTS = ['default', 'time', 'data'] as const;
export type Contains = (typeof CONTENTS)[number];
