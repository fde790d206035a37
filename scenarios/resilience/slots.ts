import { NO_FAULT, NO_SLOT, SLOTS, SLOT_COUNT } from '../../catalogue/phases.ts';
import type { Span } from '../../lib/phases/timeline.ts';

/**
 * Length of a slot in milliseconds: the resolution in which a recovery is told. The time before the first fault is cut into
 * slots of the same length, so that like is compared with like.
 */
export const slotMs = (recoveryMs: number): number => recoveryMs / SLOT_COUNT;

/** The slot of a moment, as a tag value. Of a long time before the first fault only its last RECOVERY_DURATION has slots. */
export const slotAt = (span: Span, atMs: number, recoveryMs: number): string => {
  if (span.phase !== 'recovery' && span.fault !== NO_FAULT) return NO_SLOT;
  const from = Math.max(span.startMs, span.endMs - recoveryMs);
  const slot = Math.floor((atMs - from) / slotMs(recoveryMs));
  return SLOTS[slot] ?? NO_SLOT;
};
