import { quantity } from '../quantity.ts';
import type { AnswerFile } from './answer-file.ts';
import { percent } from './text.ts';

/** What a deployment takes in an hour. */
export interface PlanRow {
  /** `Pairings`, `Sign-ins`. */
  readonly what: string;
  /** At the estimate; where only a lower end is known, that. */
  readonly value: string;
  /** The interval in words. */
  readonly between: string;
  /** The lower end, rounded down. */
  readonly promise: string;
}

/** The answer in the units of plans, pairings first where they are known; null: no rate is known to hold. */
export function planRows({ promise, rate, low, high, confidence }: AnswerFile): readonly PlanRow[] | null {
  if (promise === null || low === null) return null;
  const whole = (value: number): string => quantity(Math.round(value), 'count');
  // As precise as the answer is: more digits would be read as if they were known.
  const about = (value: number): string => whole(Number(value.toPrecision(3)));
  const row = (what: string, perFlow: number, promised: number): PlanRow => {
    const [at, from, to] = [rate, low, high].map((one) => (one === null ? null : about(one * 3_600 * perFlow)));
    const known = to !== null;
    return {
      what,
      value: known ? (at ?? from!) : from!,
      between: known ? `${percent(confidence)}: ${from!} to ${to!}` : 'or more',
      promise: whole(promised),
    };
  };
  const { pairingsPerHour, pairingsPerHourLow, signInsPerHour } = promise;
  return [
    ...(pairingsPerHour === null || pairingsPerHourLow === null
      ? []
      : [row('Pairings', pairingsPerHourLow / (low * 3_600), pairingsPerHour)]),
    row('Sign-ins', 1, signInsPerHour),
  ];
}
