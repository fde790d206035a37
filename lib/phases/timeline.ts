import type { Phase } from '../../catalogue/phases.ts';

/** A part of a run: its time, phase, level and fault. */
export interface Span {
  /** Milliseconds from the start of the load. */
  readonly startMs: number;
  readonly endMs: number;
  readonly phase: Phase;
  /** In a capacity search: catalogue/phases.ts, LEVELS. */
  readonly level?: string;
  /** The active fault (`fault`) or the previous one (`recovery`); `none` before the first; absent in other phases. */
  readonly fault?: string;
}

/**
 * The consecutive parts of a run. Flows extend over their boundaries, so in scenarios that change something while flows
 * run, each *request* belongs to the part in which it began, and each flow's end to the part in which it happened.
 */
export type Timeline = readonly Span[];

/** The part at a time; the first or last one outside the timeline. */
export const spanAt = (timeline: Timeline, atMs: number): Span => {
  for (const span of timeline) if (atMs < span.endMs) return span;
  return timeline[timeline.length - 1]!;
};
