/**
 * What a hypothesis about a fault can limit (docs/resilience.md): seconds until it was over, the share of flows lost,
 * requests per flow as a factor, flows that hang, the share of flows that failed during it, and how much worse the
 * target is afterwards.
 */
export const FAULT_MEASURES = [
  'recovery',
  'lost',
  'amplification',
  'stuck',
  'flow_failure_rate during',
  'steady after',
] as const;

export type FaultMeasure = (typeof FAULT_MEASURES)[number];

/** Two digits, or all before the point. */
export const digits = (value: number): string => value.toFixed(Math.abs(value) >= 9.95 ? 0 : 1);
/** A share as `1.2 %`. */
export const percent = (value: number): string => `${digits(100 * value)} %`;
/** `4.0 s` */
export const seconds = (value: number): string => `${digits(value)} s`;
/** `842 ms`, `1.24 s`, `17.2 s` */
export const milliseconds = (value: number): string =>
  value < 999.5 ? `${Math.round(value)} ms` : `${Number((value / 1_000).toPrecision(3))} s`;

/** A value of a measure, with its unit. */
export const measureValue: Readonly<Record<FaultMeasure, (value: number) => string>> = {
  recovery: seconds,
  lost: percent,
  amplification: (value) => `${value.toFixed(1)} times`,
  stuck: (value) => `${Math.round(value)} flows`,
  'flow_failure_rate during': percent,
  'steady after': percent,
};

/** What a hypothesis claims, in words. */
export const measureClaim: Readonly<Record<FaultMeasure, (limit: string) => string>> = {
  recovery: (limit) => `recovers within ${limit}`,
  lost: (limit) => `loses at most ${limit} of the flows`,
  amplification: (limit) => `makes at most ${limit} as many requests`,
  stuck: (limit) => `leaves at most ${limit} stuck`,
  'flow_failure_rate during': (limit) => `fails at most ${limit} of the flows while active`,
  'steady after': (limit) => `returns to within ${limit} of before`,
};

/** A measured value with its interval and the limit; `high` null: beyond what was measured. */
export interface MeasuredFault {
  readonly measure: FaultMeasure;
  readonly limit: number;
  readonly value: number | null;
  readonly low: number;
  readonly high: number | null;
}

/** `was 41 s (36 s to 47 s), limit 30 s` */
export function beyondLimit({ measure, limit, value, low, high }: MeasuredFault): string {
  const of = measureValue[measure];
  return `was ${value === null ? `more than ${of(low)}` : of(value)} (${intervalWords(measure, low, high)}), limit ${of(limit)}`;
}

/** `36 s to 47 s` */
export function intervalWords(measure: FaultMeasure, low: number, high: number | null): string {
  const of = measureValue[measure];
  return `${of(low)} to ${high === null ? 'beyond what was measured' : of(high)}`;
}
