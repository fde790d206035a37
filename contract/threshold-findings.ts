import { finding } from './findings.ts';
import type { Finding } from './findings.ts';
import type { ThresholdResult } from './run-record/run-file.ts';

/** A finding for each threshold that failed. */
export function thresholdFindings(results: readonly ThresholdResult[]): Finding[] {
  return results
    .filter(({ ok }) => !ok)
    .map(({ metric, expression, value }) =>
      finding('threshold_failed', { subject: metric, data: { expression, value } }),
    );
}
