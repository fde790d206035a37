import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DecodeError, real, record } from '../../contract/decode.ts';
import { NEW_SUMMARY } from '../../contract/figures.ts';
import { LONGEST_RUN_MS } from '../../record/run-file.ts';
import type { ThresholdDefinition } from '../../contract/threshold-expression.ts';
import { TextFileError, readTextFile } from '../../record/text-file.ts';
import type { K6Line } from './k6-line.ts';

export interface ToldBySummary {
  readonly thresholds: readonly ThresholdDefinition[];
  /** Length of the test, if the summary has it. */
  readonly durationMs: number | undefined;
}

const MOST_BYTES = 100_000_000;

/**
 * Reads thresholds and length from a k6 summary: the data of `handleSummary(data)` as JSON, or `--summary-export`
 * (k6-contract.md 4.5). Verdicts are ignored: `true` means passed in one and crossed in the other, and the samples
 * decide anyway. Throws a ConfigurationError.
 */
export function readK6Summary(file: string): ToldBySummary {
  try {
    const { metrics, state, metadata, results } = record(JSON.parse(readTextFile(file, MOST_BYTES)), file);
    if (metrics === undefined && (metadata ?? results) !== undefined)
      throw new ConfigurationError(
        `--summary ${file} is k6's new machine-readable summary, whose form is not documented; run k6 without ${NEW_SUMMARY} (--new-machine-readable-summary)`,
      );
    const thresholds = Object.entries(record(metrics, `${file}: metrics`)).flatMap(([metric, own]) =>
      Object.keys((record(own, `${file}: metrics.${metric}`)['thresholds'] ?? {}) as K6Line).map((expression) => ({
        metric,
        expression,
      })),
    );
    return { thresholds, durationMs: durationOf(state, `${file}: state.testRunDurationMs`) };
  } catch (error) {
    if (error instanceof DecodeError)
      throw new ConfigurationError(
        `--summary ${error.message}; expected k6's --summary-export or the data of handleSummary`,
      );
    if (error instanceof SyntaxError) throw new ConfigurationError(`--summary ${file} is not JSON`);
    if (error instanceof TextFileError) throw new ConfigurationError(`--summary ${file}: ${error.message}`);
    throw error;
  }
}

/** Undefined if the summary does not have it. */
function durationOf(state: unknown, place: string): number | undefined {
  const ms = typeof state === 'object' && state !== null ? (state as K6Line)['testRunDurationMs'] : undefined;
  if (typeof ms !== 'number' || ms <= 0) return undefined;
  return real(0, LONGEST_RUN_MS)(ms, place);
}
