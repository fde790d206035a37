import { NO_FAULT, NO_BIN, BINS, BIN_COUNT } from '../../catalogue/phases.ts';
import type { Span } from '../../lib/phases/timeline.ts';

/**
 * Length of a bin in milliseconds, the resolution of recovery times. The time before the first fault has bins of the
 * same length, so that they are comparable.
 */
export const binMs = (recoveryMs: number): number => recoveryMs / BIN_COUNT;

/** The bin at a time, as a tag value. Before the first fault, only the last RECOVERY_DURATION has bins. */
export const binAt = (span: Span, atMs: number, recoveryMs: number): string => {
  if (span.phase !== 'recovery' && span.fault !== NO_FAULT) return NO_BIN;
  const from = Math.max(span.startMs, span.endMs - recoveryMs);
  const bin = Math.floor((atMs - from) / binMs(recoveryMs));
  return BINS[bin] ?? NO_BIN;
};
