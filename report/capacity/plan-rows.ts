import { quantity } from '../quantity.ts';
import type { AnswerFile } from './answer-file.ts';
import { number, percent } from './text.ts';

/** What a deployment takes in an hour. */
export interface PlanRow {
  /** `Pairings`, `Sign-ins`. */
  readonly what: string;
  /** At the estimate; where only a lower end is known, that. */
  readonly value: string;
  /** The value is a lower bound, not an estimate. */
  readonly atLeast: boolean;
  /** The interval in words. */
  readonly between: string;
  /** The lower end, rounded down. */
  readonly promise: string;
}

/** The answer in a few words: pairings an hour with their error, where they are known, else sign-ins. */
export function headline(answer: AnswerFile): string {
  const said = headlineParts(answer);
  return said.error === '' ? said.answer : `${said.answer} (${said.error})`;
}

/** The headline, and its error apart; '' without one. */
export function headlineParts(answer: AnswerFile): { readonly answer: string; readonly error: string } {
  const [first] = planRows(answer) ?? [];
  if (first === undefined) {
    const none = answer.verdict === 'not-even' && answer.limitAt !== null;
    return { answer: none ? `not even ${number(answer.limitAt)} sign-ins/s` : 'no rate is known to hold', error: '' };
  }
  const { what, value, atLeast, between } = first;
  return {
    answer: `${atLeast ? 'at least ' : ''}${value} ${what.toLowerCase()} an hour`,
    error: between === 'or more' ? '' : between,
  };
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
      atLeast: !known || at === null,
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
