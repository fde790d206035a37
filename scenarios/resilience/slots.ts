import { NO_FAULT, NO_SLOT, SLOTS, SLOT_COUNT } from '../../catalogue/phases.ts';
import type { Span } from '../../lib/phases/timeline.ts';

/**
 * Length of a slot in milliseconds, the resolution of recovery times. The time before the first fault has slots of the
 * same length, so that they are comparable.
 */
export const slotMs = (recoveryMs: number): number => recoveryMs / SLOT_COUNT;

/** The slot at a time, as a tag value. Before the first fault, only the last RECOVERY_DURATION has slots. */
export const slotAt = (span: Span, atMs: number, recoveryMs: number): string => {
  if (span.phase !== 'recovery' && span.fault !== NO_FAULT) return NO_SLOT;
  const from = Math.max(span.startMs, span.endMs - recoveryMs);
  const slot = Math.floor((atMs - from) / slotMs(recoveryMs));
  return SLOTS[slot] ?? NO_SLOT;
};
