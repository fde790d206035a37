import type { AddedInterval } from '../../contract/series-counts.ts';
import { LevelCollector } from './level-counts.ts';
import type { LevelFigures } from './level-counts.ts';
import { judgeLevel } from './level.ts';
import type { LevelJudgement } from './level.ts';
import type { PlannedLevel, PlayedLevel, SearchSettings } from './search-level.ts';

/** A duration that the objective limits, at the percentile that it limits, with an interval (95 %). */
export interface LevelQuantile {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** What a level said, and the figures beside it. */
export interface WatchedLevel {
  readonly judgement: LevelJudgement;
  /** Seconds that were looked at after the warm-up. */
  readonly seconds: number;
  readonly medianMs: number | null;
  readonly figures: LevelFigures;
  /** By term of the objective; null: it is not a duration. */
  readonly quantiles: readonly (LevelQuantile | null)[];
  readonly refused: number;
  readonly cpuCores: number;
}

/** Two-sided 95 % of a normal distribution. */
const Z = 1.96;

/** Looks at a level as its record grows, or afterwards: the same record gives the same judgement. */
export class LevelWatch {
  readonly #settings: SearchSettings;
  readonly #planned: Pick<PlannedLevel, 'rate' | 'looks' | 'extendable'>;
  readonly #firstMedianMs: number;
  readonly #collector: LevelCollector;
  #next = 0;
  #extended = 0;
  #done: LevelJudgement | undefined;
  #seconds = 0;

  /** `firstMedianMs`: of the first level; Infinity: this is it. */
  constructor(
    planned: Pick<PlannedLevel, 'rate' | 'looks' | 'extendable'>,
    settings: SearchSettings,
    firstMedianMs: number,
  ) {
    this.#planned = planned;
    this.#settings = settings;
    this.#firstMedianMs = firstMedianMs;
    this.#collector = new LevelCollector(settings.terms);
  }

  /** Seconds that a level takes at most, from its first start on. */
  get longest(): number {
    return this.#settings.warmUpSeconds + this.#planned.looks.at(-1)! * (this.#planned.extendable ? 2 : 1);
  }

  /** Flows that were started. */
  get started(): number {
    return this.#collector.started;
  }

  /** Takes an interval of a second; true: the level has said what it can, and may end. */
  add(interval: AddedInterval): boolean {
    this.#collector.add(interval);
    const { looks, extendable } = this.#planned;
    while (this.#done === undefined) {
      const look = this.#extended > 0 ? this.#extended : looks[this.#next]!;
      if (this.#collector.known < this.#settings.warmUpSeconds + look) return false;
      const last = this.#next === looks.length - 1;
      const judgement = this.#judge(look, last, this.#extended > 0 || !extendable);
      if (judgement.next === 'extend') this.#extended = 2 * look;
      else if (judgement.next === 'end' || last || this.#extended > 0) this.#done = judgement;
      else this.#next++;
    }
    return true;
  }

  /** What the level said; undefined: it ended before it could say anything. */
  said(): WatchedLevel | undefined {
    const { warmUpSeconds, looks } = { ...this.#settings, ...this.#planned };
    // A plan with few starts ends up to a second before its time, seen from the first of them.
    const known = Math.floor(this.#collector.known) + 1 - warmUpSeconds;
    if (this.#done === undefined && known < looks[0]! - 1) return undefined;
    const judgement = this.#done ?? this.#judge(Math.min(known, this.#extended || looks.at(-1)!), true, true);
    const [from, to] = [judgement.warmUp, warmUpSeconds + this.#seconds];
    const collector = this.#collector;
    return {
      judgement,
      seconds: this.#seconds,
      medianMs: collector.medianMs(from, to),
      figures: collector.figures(from, to),
      quantiles: this.#settings.terms.map(({ limit, allowed }, at) => {
        const { clustering, all } = judgement.terms[at]!;
        const off = Z * Math.sqrt((allowed * (1 - allowed) * clustering) / Math.max(1, all));
        const shares = [1 - allowed, Math.max(0, 1 - allowed - off), Math.min(1, 1 - allowed + off)];
        const found = limit === null ? null : collector.quantiles(at, from, to, shares);
        return found === null ? null : { value: found[0]!, low: found[1]!, high: found[2]! };
      }),
      refused: collector.refused,
      cpuCores: collector.cpuCores(from, to),
    };
  }

  #judge(seconds: number, last: boolean, extended: boolean): LevelJudgement {
    const { terms, warmUpSeconds: warmUp, confidence } = this.#settings;
    this.#seconds = seconds;
    return judgeLevel(
      this.#collector.counts(warmUp + seconds),
      terms,
      this.#planned.rate,
      { warmUp, seconds, last, extended },
      { confidence, firstMedianMs: this.#firstMedianMs },
    );
  }
}

/** A level that said something, as the search takes it. */
export function observedLevel(
  { rate, purpose }: Pick<PlannedLevel, 'rate' | 'purpose'>,
  { judgement, medianMs, seconds: lookedSeconds }: WatchedLevel,
  facts: Pick<PlayedLevel, 'seconds' | 'end' | 'recoveredSeconds'>,
): PlayedLevel {
  const { verdict, terms, unstable, unsettled } = judgement;
  return { rate, purpose, ...facts, lookedSeconds, verdict, terms, unstable, unsettled, medianMs };
}

/** A level that says nothing: it could not be played, or not to its end. */
export function silentLevel(
  { rate, purpose }: Pick<PlannedLevel, 'rate' | 'purpose'>,
  facts: Pick<PlayedLevel, 'seconds' | 'end'>,
  { terms }: SearchSettings,
): PlayedLevel {
  const nothing = { bad: 0, all: 0, share: null, atLeast: false, clustering: 1, effective: 0, low: 0, high: 1 };
  return {
    ...{ rate, purpose, ...facts, verdict: 'undecided', terms: terms.map(() => nothing), unstable: null },
    ...{ lookedSeconds: 0, unsettled: false, medianMs: null, recoveredSeconds: null },
  };
}
