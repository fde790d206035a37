import type { CapacityAnswer } from './answer.ts';
import type { PlayedLevel, SearchSettings } from './search-level.ts';

/** Share of bad samples of an overload; a level that ends early has not seen most of them, so clearly more than is allowed is one, too. */
const OVERLOADED = 0.5;
const CLEARLY = 3;
/** How far below a rate that held another must be overloaded to contradict it; nearer, it is chance at the knee. */
const CLEARLY_BELOW = 0.05;

/** Rates that the knee lies between, as far as the way up or down tells. */
export interface Bracket {
  readonly low: number;
  readonly high: number;
}

/** Whether a level met the objective by its shares, with certainty or not. */
export function met(
  { terms, unstable }: Pick<PlayedLevel, 'terms' | 'unstable'>,
  settings: Pick<SearchSettings, 'terms'>,
): boolean {
  return unstable === null && terms.every(({ share }, at) => share === null || share < settings.terms[at]!.allowed);
}

/** What the levels of a search show, apart from the knee. */
export class Evidence {
  /** Levels that say something, in playing order. */
  readonly observed: readonly PlayedLevel[];
  readonly hysteresis: CapacityAnswer['hysteresis'];
  readonly #settings: SearchSettings;

  constructor(levels: readonly PlayedLevel[], settings: SearchSettings) {
    this.#settings = settings;
    this.observed = levels.filter(({ end }) => end === 'observed');
    this.hysteresis = this.#hysteresisFound();
  }

  /** Levels that count for the knee: not those of a cold target, nor short ones right after an overload. */
  evidence(): readonly PlayedLevel[] {
    const warm = this.#warmFrom();
    return this.observed.filter(
      (level, at) => level.purpose !== 'replay' && level.purpose !== 'hysteresis' && at >= warm,
    );
  }

  /** Index of the first level on a warm target: before it, all rates on the way down broke one of which now holds. */
  #warmFrom(): number {
    const cold = this.observed.find(({ purpose }) => purpose === 'cold');
    if (cold === undefined) return 0;
    if (this.observed[1]?.purpose === 'up') return 1;
    return met(cold, this.#settings) ? this.observed.findIndex((level) => met(level, this.#settings)) : 0;
  }

  /** Of these, what was played to bracket the knee. */
  bracketing(): readonly PlayedLevel[] {
    return this.evidence().filter(({ purpose }) => purpose === 'up' || purpose === 'down' || purpose === 'cold');
  }

  /** The level with the highest rate below another that met the objective, of those played to bracket the knee. */
  largestMet(below: number): PlayedLevel | undefined {
    return this.bracketing()
      .filter((level) => level.rate < below && met(level, this.#settings))
      .reduce<PlayedLevel | undefined>(
        (best, level) => (best === undefined || level.rate > best.rate ? level : best),
        undefined,
      );
  }

  /** The highest rate that is shown to meet the objective: of an undecided one without a knee above it, nothing is promised. */
  largestHeld(): number | null {
    const held = this.bracketing().filter(({ verdict }) => verdict === 'held');
    return held.length === 0 ? null : Math.max(...held.map(({ rate }) => rate));
  }

  /** Whether that it failed was a mishap: later the rate, or higher ones, held twice. */
  #refuted(level: PlayedLevel): boolean {
    const later = this.observed.slice(this.observed.indexOf(level) + 1);
    return later.filter(({ rate, verdict }) => verdict === 'held' && rate >= level.rate).length > 1;
  }

  /** Undefined: no rate is known to fail, or none to hold. */
  bracket(withMishaps = false): Bracket | undefined {
    const { maxRate } = this.#settings;
    const tried = this.bracketing();
    const beyond = tried.filter(
      (level) =>
        (!met(level, this.#settings) && (withMishaps || !this.#refuted(level))) ||
        (level.rate >= maxRate && level.verdict !== 'held'),
    );
    if (beyond.length === 0 || (beyond.length === tried.length && tried.every(({ rate }) => rate < maxRate)))
      return undefined;
    const high = Math.min(...beyond.map(({ rate }) => rate));
    const low = this.largestMet(high)?.rate;
    return low === undefined && high < maxRate ? undefined : { low: low ?? high / 2, high };
  }

  /** Whether the rate was far too much; not of levels that were played to compare them with an earlier one. */
  overloaded({ terms, purpose }: PlayedLevel): boolean {
    const { terms: objective } = this.#settings;
    return (
      purpose !== 'hysteresis' &&
      purpose !== 'replay' &&
      terms.some(({ share, low }, at) => (share ?? 0) > OVERLOADED || low > CLEARLY * objective[at]!.allowed)
    );
  }

  /** The first level after an overload that broke, and is worse than the same rate before, beyond chance. */
  #hysteresisFound(): CapacityAnswer['hysteresis'] {
    const at = this.observed.findIndex((level, nth) => {
      if (level.purpose !== 'hysteresis' || level.verdict !== 'broke') return false;
      const before = this.observed.slice(0, nth).find((one) => one.rate === level.rate && met(one, this.#settings));
      return level.unstable !== null || level.terms.some(({ low }, term) => low > (before?.terms[term]!.high ?? 0));
    });
    const overload = this.observed.slice(0, Math.max(0, at)).findLast(({ purpose }) => purpose !== 'hysteresis');
    if (overload === undefined) return null;
    const { rate, recoveredSeconds } = this.observed[at]!;
    return { held: rate, after: overload.rate, recoveredSeconds };
  }

  /** A rate that held, and one clearly below it that was overloaded later, or the same one in the replay. */
  contradiction(): NonNullable<CapacityAnswer['contradiction']> | null {
    if (this.hysteresis !== null) return null;
    for (const [nth, level] of this.observed.entries()) {
      const replayed = level.purpose === 'replay' && level.verdict === 'broke';
      if (!replayed && !this.overloaded(level)) continue;
      const least = replayed ? level.rate : level.rate / (1 - CLEARLY_BELOW);
      const before = this.observed
        .slice(this.#warmFrom(), nth)
        .find(({ rate, verdict }) => verdict === 'held' && rate >= least);
      if (before !== undefined) return { held: before.rate, broke: level.rate };
    }
    return null;
  }

  /** The first level that met the objective: the target's state at the beginning. */
  first(): PlayedLevel | undefined {
    return this.bracketing().find((level) => met(level, this.#settings));
  }
}
