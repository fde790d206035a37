import type { NumberedInterval, Tags } from '../../contract/series-counts.ts';

/** Series of the target are numbered from here on: the engine's own numbers start at 0. */
const FIRST_NUMBER = 1_000_000_000;

/** A value that the target told, and when (Unix milliseconds). */
export interface TargetValue {
  readonly metric: string;
  readonly tags: Tags;
  readonly value: number;
  readonly at: number;
}

/** Makes lines of series.jsonl of what the target told: gauges, each named where it comes for the first time. */
export class GaugeLines {
  readonly #startedAt: number;
  readonly #intervalMs: number;
  readonly #numbers = new Map<string, number>();

  constructor(startedAt: Date, intervalMs: number) {
    this.#startedAt = startedAt.getTime();
    this.#intervalMs = intervalMs;
  }

  /** One line per interval that a value falls into; what was before the start is left out. */
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
        this.#numbers.set(key, (number = FIRST_NUMBER + this.#numbers.size));
        const contains = metric.endsWith('_bytes') ? 'data' : 'default';
        named.push({ number, metric, type: 'gauge', contains, tags });
      }
      return [number, { samples: 1, value, min: value, max: value, at }];
    });
    return { index, named, recorded };
  }
}
