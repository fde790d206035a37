/**
 * Parts of a run, as tag `phase`. `ramp`: ramping up to the rate; `steady`: at the rate, without faults; `spike`: a
 * burst; `fault`: a fault is active; `recovery`: after a burst or fault, whose effects may linger; `level`: one step of
 * a capacity search.
 */
export const PHASES = ['ramp', 'steady', 'spike', 'fault', 'recovery', 'level'] as const;
export type Phase = (typeof PHASES)[number];

/** Steps of a capacity search, as tag `level`: `01`, `02`, … */
export const MAX_LEVELS = 50;
export const LEVELS: readonly string[] = numbered(1, MAX_LEVELS);

/** Built-in faults of the resilience scenario, in their order. */
export const STANDARD_FAULTS = ['unavailable', 'rate-limited', 'slow', 'dropped', 'lost-push', 'restart'] as const;

/** Faults of the network, made by Toxiproxy between the harness and the target; `pairstorm run` only. */
export const NETWORK_FAULTS = [
  'net-latency',
  'net-down',
  'net-reset',
  'net-slow',
  'net-cut',
  'net-hang',
  'net-slices',
] as const;
export type NetworkFault = (typeof NETWORK_FAULTS)[number];

/** A fault injected from outside: by a hook or a command. */
export const EXTERNAL_FAULT = 'external';

/** Tag value before the first fault, and wherever no fault can be active. */
export const NO_FAULT = 'none';

/**
 * k6's summary cuts a recovery, and the time before the first fault, into this many equal bins (tag `bin`). The verdict
 * on a record needs none (analysis/recovery/).
 */
export const BIN_COUNT = 20;
export const BINS: readonly string[] = numbered(0, BIN_COUNT - 1);

/** Tag value outside the bins. */
export const NO_BIN = 'none';

function numbered(first: number, last: number): string[] {
  return Array.from({ length: last - first + 1 }, (_, at) => twoDigits(first + at));
}

/** A number from 0 to 99 as a tag value that sorts. */
function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}
