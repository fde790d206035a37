import type { NumberedInterval, Tags } from '../../contract/series-counts.ts';

/** First series number for the target's series, out of reach of the engine's own, which start at 0. */
const FIRST_NUMBER = 1_000_000_000;

/** A value of the target; `at` is in Unix milliseconds. */
export interface TargetValue {
  readonly metric: string;
  readonly tags: Tags;
  readonly value: number;
  readonly at: number;
}

/** Turns target values into lines of series.jsonl: gauges, each named at first use. */
export class GaugeLines {
  readonly #startedAt: number;
  readonly #intervalMs: number;
  readonly #firstNumber: number;
  readonly #numbers = new Map<string, number>();

  /** `firstNumber`: number of the first series; others who write lines need their own. */
  constructor(startedAt: Date, intervalMs: number, firstNumber = FIRST_NUMBER) {
    this.#firstNumber = firstNumber;
    this.#startedAt = startedAt.getTime();
    this.#intervalMs = intervalMs;
  }

  /** One line per interval with values; values from before the start are dropped. */
  lines(values: readonly TargetValue[]): readonly NumberedInterval[] {
    const byInterval = new Map<number, TargetValue[]>();
    for (const value of values) {
      const index = Math.floor((value.at - this.#startedAt) / this.#intervalMs);
      if (index >= 0) byInterval.set(index, [...(byInterval.get(index) ?? []), value]);
    }
    return [...byInterval].map(([index, of]) => this.#line(index, of));
  }

  #line(index: number, values: readonly TargetValue[]): NumberedInterval {
    const named: NumberedInterval['named'][number][] = [];
    const recorded = values.map(({ metric, tags, value, at }): NumberedInterval['recorded'][number] => {
      const key = JSON.stringify([metric, tags]);
      let number = this.#numbers.get(key);
      if (number === undefined) {
        this.#numbers.set(key, (number = this.#firstNumber + this.#numbers.size));
        const contains = metric.endsWith('_bytes') ? 'data' : 'default';
        named.push({ number, metric, type: 'gauge', contains, tags });
      }
      return [number, { samples: 1, value, min: value, max: value, at }];
    });
    return { index, named, recorded };
  }
}
