/**
 * Parts of a run, as the tag `phase`. `ramp`: on the way to the rate; `steady`: at it, nothing is wrong; `spike`: a
 * burst; `fault`: something is made wrong on purpose; `recovery`: burst or fault are over, their effects may not be;
 * `level`: one step of a search for capacity.
 */
export const PHASES = ['ramp', 'steady', 'spike', 'fault', 'recovery', 'level'] as const;
export type Phase = (typeof PHASES)[number];

/** Steps of a search for capacity, as the tag `level`: `01`, `02`, … */
export const MAX_LEVELS = 50;
export const LEVELS: readonly string[] = numbered(1, MAX_LEVELS);

/** Faults that the resilience scenario knows by itself, in the order in which it makes them. */
export const STANDARD_FAULTS = ['unavailable', 'rate-limited', 'slow', 'dropped', 'lost-push', 'restart'] as const;

/** The fault that somebody else makes: a hook or a command. */
export const EXTERNAL_FAULT = 'external';

/** Before the first fault, and wherever none can be at work. */
export const NO_FAULT = 'none';

/** A recovery is judged in so many equal parts of its time, as the tag `slot`; as many before the first fault. */
export const SLOT_COUNT = 20;
export const SLOTS: readonly string[] = numbered(0, SLOT_COUNT - 1);

/** Outside of what is judged in slots. */
export const NO_SLOT = 'none';

function numbered(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => twoDigits(first + at));
}

/** A number from 0 to 99 as a tag value that sorts. */
function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
