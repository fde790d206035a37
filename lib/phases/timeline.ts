import type { Phase } from '../../catalogue/phases.ts';

/** A part of a run by its time. */
export interface Span {
  /** Milliseconds from the start of the load. */
  readonly startMs: number;
  readonly endMs: number;
  readonly phase: Phase;
  /** Of a search for capacity: catalogue/phases.ts, LEVELS. */
  readonly level?: string;
  /** The fault that is at work (`fault`) or was (`recovery`); `none` before the first one; absent elsewhere. */
  readonly fault?: string;
}

/**
 * The parts of a run, one behind the other. Flows are longer than the edges between parts are wide, so in scenarios that change
 * something while flows run, each *request* belongs to the part in which it began, and each flow's end to the part in which
 * it came.
 */
export type Timeline = readonly Span[];

/** The part at a time; before the first part the first, behind the last the last. */
export const spanAt = (timeline: Timeline, atMs: number): Span => {
  for (const span of timeline) if (atMs < span.endMs) return span;
  return timeline[timeline.length - 1]!;
};
