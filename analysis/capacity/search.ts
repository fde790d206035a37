import type { CapacityAnswer, CapacityVerdict } from './answer.ts';
import { NEAR, kneeOf } from './posterior.ts';
import type { Knee } from './posterior.ts';
import type { PlannedLevel, PlayedLevel, Purpose, SearchSettings } from './search-level.ts';
import { LOOKS, REPLAY, SMALLEST_RATE, secondsOf } from './search-settings.ts';

type NextStep = { readonly level: PlannedLevel } | { readonly answer: CapacityAnswer };

/** Minimum number of levels near the knee. */
const FEWEST_NEAR = 5;
/** Aim for an interval a little narrower than requested, because one more level may widen it again. */
const MARGIN = 0.8;
/** Half-width above which the next level is played at the estimate itself. */
const WIDE = 0.12;
/** Minimum distance of levels from the estimate: two at the same rate say nothing about the slope. */
const ASIDE = 0.025;
/** Share of bad samples after which hysteresis is checked. */
const OVERLOADED = 0.5;
/** Part of what is allowed from which a worse first level is taken for a cold target; below it, it is chance and far from the knee. */
const COLD_PART = 1 / 3;
/** Tolerated relative change of the median in the replay. */
const SAME_TARGET = 0.1;

/** Whether a level met the objective by its shares, with certainty or not. */
function met({ terms, unstable }: PlayedLevel, settings: SearchSettings): boolean {
  return unstable === null && terms.every(({ share }, at) => share === null || share < settings.terms[at]!.allowed);
}

/**
 * The next level of a capacity search, or its answer, from all levels so far. Pure, so a search that was cut off can be
 * continued from its records. Method and error rates: docs/methods.md.
 */
export function nextLevel(levels: readonly PlayedLevel[], settings: SearchSettings): NextStep {
  return new Search(levels, settings).step();
}

/** What the levels so far tell, where the search does not go on. */
export function answerSoFar(
  levels: readonly PlayedLevel[],
  settings: SearchSettings,
  stoppedBy: string,
): CapacityAnswer {
  return { ...new Search(levels, settings).soFar(), stoppedBy };
}

/** The curve of each term at its best fit, for drawing; empty: no rate is known to fail. */
export function fittedCurves(levels: readonly PlayedLevel[], settings: SearchSettings): Knee['curves'] {
  return new Search(levels, settings).curves();
}

/** Rates that the knee lies between, as far as the way up or down tells. */
interface Bracket {
  readonly low: number;
  readonly high: number;
}

class Search {
  readonly #settings: SearchSettings;
  /** In playing order, without levels that were cut. */
  readonly #levels: readonly PlayedLevel[];
  readonly #observed: readonly PlayedLevel[];
  readonly #used: number;
  readonly #hysteresis: CapacityAnswer['hysteresis'];

  constructor(levels: readonly PlayedLevel[], settings: SearchSettings) {
    this.#settings = settings;
    this.#levels = levels.filter(({ end }) => end !== 'cut');
    this.#observed = this.#levels.filter(({ end }) => end === 'observed');
    this.#used = levels.reduce((sum, { seconds }) => sum + seconds, 0);
    this.#hysteresis = this.#hysteresisFound();
  }

  step(): NextStep {
    const last = this.#levels.at(-1);
    if (last?.end === 'one-address') return this.#ended('one-address', last.rate);
    if (last?.end === 'generator') {
      const before = this.#levels.at(-2);
      const again = before?.end === 'generator' && before.rate === last.rate;
      if (last.purpose !== 'replay') return again ? this.#ended('generator', last.rate) : this.#again(last);
      if (!again) return this.#again(last);
    }
    return this.#coldStart() ?? this.#afterOverload() ?? this.#wayToTheKnee() ?? this.#atTheKnee();
  }

  soFar(): CapacityAnswer {
    return (this.#ended('stopped', null) as { readonly answer: CapacityAnswer }).answer;
  }

  curves(): Knee['curves'] {
    const bracket = this.#bracket();
    return bracket === undefined ? [] : this.#knee(bracket).curves;
  }

  // ---- steps, in the order in which they are asked for

  /** Repeats a level: more workers may suffice. */
  #again({ rate, purpose }: PlayedLevel): NextStep {
    const looks: Readonly<Partial<Record<Purpose, readonly number[]>>> = {
      proof: [2],
      hysteresis: [1 / 4],
      replay: [REPLAY],
    };
    return this.#level(rate, purpose, looks[purpose] ?? LOOKS);
  }

  /** If the first level was worse than the second, at a higher rate, the target was cold: repeat the first. */
  #coldStart(): NextStep | undefined {
    const [first, second] = this.#observed;
    if (first === undefined || second?.purpose !== 'up' || this.#observed.length !== 2) return undefined;
    const colder = first.terms.some(
      ({ low, share }, at) =>
        low > (second.terms[at]!.share ?? 1) && (share ?? 0) > COLD_PART * this.#settings.terms[at]!.allowed,
    );
    return colder && this.#fits(1) ? this.#level(first.rate, 'cold', LOOKS) : undefined;
  }

  /** Right after the first overload: briefly the highest rate that had held. */
  #afterOverload(): NextStep | undefined {
    const last = this.#observed.at(-1);
    const overloads = this.#observed.filter((level) => this.#overloaded(level));
    const before = this.#largestMet(Infinity);
    if (last === undefined || overloads.length !== 1 || overloads[0] !== last || before === undefined) return undefined;
    return this.#fits(1 / 4) ? this.#level(before.rate, 'hysteresis', [1 / 4]) : undefined;
  }

  /** Doubles the rate until one does not meet the objective; halves it if already the first did not. */
  #wayToTheKnee(): NextStep | undefined {
    const { startRate, maxRate } = this.#settings;
    const tried = this.#bracketing();
    if (tried.length === 0) return this.#level(startRate, 'up', LOOKS);
    if (this.#bracket() !== undefined) return undefined;
    const highest = this.#largestMet(Infinity);
    if (highest === undefined) {
      const lowest = Math.min(...tried.map(({ rate }) => rate));
      if (lowest <= SMALLEST_RATE) return this.#ended('not-even', lowest);
      if (!this.#fits(1)) return this.#ended('budget', lowest);
      return this.#level(Math.max(SMALLEST_RATE, lowest / 2), 'down', LOOKS);
    }
    // An undecided level at the highest rate would be a bracket, so this one held.
    if (highest.rate >= maxRate) return this.#replay() ?? this.#ended('at-least', null);
    if (!this.#fits(1)) return this.#replay() ?? this.#ended('budget', null);
    return this.#level(Math.min(maxRate, 2 * highest.rate), 'up', LOOKS);
  }

  /** Inside the bracket: levels where the estimate gains most, then proof, replay, and the answer. */
  #atTheKnee(): NextStep {
    const { precision, maxRate } = this.#settings;
    const knee = this.#knee(this.#bracket()!);
    const near = this.#evidence().filter(({ rate }) => Math.abs(Math.log(rate / knee.rate)) <= NEAR);
    const precise = near.length >= FEWEST_NEAR && knee.halfWidth <= MARGIN * precision;
    if (!precise && this.#fits(1)) {
      const asked = this.#observed.filter(({ purpose }) => purpose === 'knee').length;
      return this.#level(Math.min(maxRate, Math.max(SMALLEST_RATE, nextRate(knee, asked))), 'knee', LOOKS);
    }
    const proof = this.#observed.filter(({ purpose }) => purpose !== 'replay').at(-1);
    const proven = proof?.purpose === 'proof' && proof.verdict !== 'broke';
    if (precise && !proven && this.#fits(2)) return this.#level(Math.min(maxRate, knee.low), 'proof', [2]);
    return this.#replay() ?? this.#found(knee, near.length);
  }

  /** Replays the first rate that held, as the last level; undefined: there is none, or it was replayed. */
  #replay(): NextStep | undefined {
    const first = this.#first();
    if (first === undefined || this.#levels.at(-1)?.purpose === 'replay') return undefined;
    return this.#level(first.rate, 'replay', [REPLAY]);
  }

  // ---- what the levels show

  /** Levels that count for the knee: not the first if the target was cold, nor the aftermath of an overload. */
  #evidence(): readonly PlayedLevel[] {
    const cold = this.#observed.some(({ purpose }) => purpose === 'cold');
    return this.#observed.filter(
      (level, at) =>
        level.purpose !== 'replay' &&
        !(cold && at === 0) &&
        !(level.purpose === 'hysteresis' && level.verdict === 'broke'),
    );
  }

  #bracketing(): readonly PlayedLevel[] {
    return this.#evidence().filter(({ purpose }) => purpose === 'up' || purpose === 'down' || purpose === 'cold');
  }

  /** The level with the highest rate below another that met the objective, of those played to bracket the knee. */
  #largestMet(below: number): PlayedLevel | undefined {
    return this.#bracketing()
      .filter((level) => level.rate < below && met(level, this.#settings))
      .reduce<PlayedLevel | undefined>(
        (best, level) => (best === undefined || level.rate > best.rate ? level : best),
        undefined,
      );
  }

  /** The highest rate that is shown to meet the objective: of an undecided one without a knee above it, nothing is promised. */
  #largestHeld(): number | null {
    const held = this.#bracketing().filter(({ verdict }) => verdict === 'held');
    return held.length === 0 ? null : Math.max(...held.map(({ rate }) => rate));
  }

  #bracket(): Bracket | undefined {
    const { maxRate } = this.#settings;
    const tried = this.#bracketing();
    const beyond = tried.filter(
      (level) => !met(level, this.#settings) || (level.rate >= maxRate && level.verdict !== 'held'),
    );
    if (beyond.length === 0 || (beyond.length === tried.length && tried.every(({ rate }) => rate < maxRate)))
      return undefined;
    const high = Math.min(...beyond.map(({ rate }) => rate));
    const low = this.#largestMet(high)?.rate;
    return low === undefined && high < maxRate ? undefined : { low: low ?? high / 2, high };
  }

  #knee(bracket: Bracket): Knee {
    const { terms, confidence } = this.#settings;
    const evidence = this.#evidence();
    const observed = terms.map(({ allowed }, at) => ({
      allowed,
      observations: evidence.flatMap(({ rate, terms: estimates }) => {
        const { share, effective, atLeast } = estimates[at]!;
        return share === null ? [] : [{ rate, share, effective, atLeast }];
      }),
    }));
    return kneeOf(observed, bracket, confidence);
  }

  #overloaded({ terms, purpose }: PlayedLevel): boolean {
    return (
      purpose !== 'hysteresis' &&
      purpose !== 'replay' &&
      terms.some(({ share }) => share !== null && share > OVERLOADED)
    );
  }

  #hysteresisFound(): CapacityAnswer['hysteresis'] {
    const at = this.#observed.findIndex(({ purpose, verdict }) => purpose === 'hysteresis' && verdict === 'broke');
    if (at < 1) return null;
    const { rate, recoveredSeconds } = this.#observed[at]!;
    return { held: rate, after: this.#observed[at - 1]!.rate, recoveredSeconds };
  }

  /** The first level that met the objective: the target's state at the beginning. */
  #first(): PlayedLevel | undefined {
    return this.#bracketing().find((level) => met(level, this.#settings));
  }

  // ---- time, levels, answers

  /** Whether the budget allows a level and the replay after it. */
  #fits(part: number): boolean {
    const needed = secondsOf(this.#settings, part) + secondsOf(this.#settings, REPLAY);
    return this.#used + needed <= this.#settings.budgetSeconds;
  }

  #level(rate: number, purpose: Purpose, parts: readonly number[]): NextStep {
    const looks = parts.map((part) => Math.max(1, Math.round(part * this.#settings.levelSeconds)));
    return {
      level: {
        rate: Number(rate.toPrecision(4)),
        purpose,
        looks,
        extendable: purpose !== 'replay' && this.#fits(2 * parts.at(-1)!),
        patience: this.#hysteresis === null ? 1 : 2,
      },
    };
  }

  #found(knee: Knee, near: number): NextStep {
    const { precision, maxRate, terms } = this.#settings;
    const { rate, low, high, halfWidth, binding } = knee;
    const beyondMax = rate > maxRate;
    const wide = halfWidth > precision;
    // The width falls with the root of the number of levels.
    const wanted = Math.max(near, FEWEST_NEAR) * ((halfWidth / (MARGIN * precision)) ** 2 - 1);
    const { name, shownLimit } = terms[binding]!;
    return this.#answer(beyondMax ? 'at-least' : wide ? 'budget' : 'found', {
      ...{ rate, low: Math.min(low, maxRate), high: beyondMax ? null : high, halfWidth },
      binding: { name, limit: shownLimit },
      moreSeconds: wide ? Math.ceil(Math.max(1, wanted) * secondsOf(this.#settings, 1)) : null,
    });
  }

  /** The answer of a search that ended before the knee was known. */
  #ended(verdict: CapacityVerdict, limitAt: number | null): NextStep {
    const held = this.#largestHeld();
    const bracket = this.#bracket();
    if (bracket === undefined || this.#largestMet(Infinity) === undefined) {
      const worst = this.#bracketing().at(-1);
      const over = worst?.terms.findIndex(
        ({ share }, at) => share !== null && share >= this.#settings.terms[at]!.allowed,
      );
      const term = held !== null || over === undefined ? undefined : this.#settings.terms[over];
      return this.#answer(verdict, {
        low: held,
        limitAt,
        binding: term === undefined ? null : { name: term.name, limit: term.shownLimit },
      });
    }
    const { rate, low, high, halfWidth, binding } = this.#knee(bracket);
    const { name, shownLimit } = this.#settings.terms[binding]!;
    return this.#answer(verdict, { rate, low, high, halfWidth, limitAt, binding: { name, limit: shownLimit } });
  }

  #answer(verdict: CapacityVerdict, known: Partial<CapacityAnswer>): NextStep {
    const { terms, precision, confidence, budgetSeconds } = this.#settings;
    const proof = this.#observed.filter(({ purpose }) => purpose === 'proof').at(-1);
    const [first, last] = [this.#first(), this.#observed.at(-1)];
    const [firstMs, lastMs] = [first?.medianMs ?? null, last?.purpose === 'replay' ? last.medianMs : null];
    const changed = firstMs !== null && lastMs !== null && Math.abs(lastMs / firstMs - 1) > SAME_TARGET;
    return {
      answer: {
        verdict,
        unit: 'flows/s',
        ...{ rate: null, low: null, high: null, halfWidth: null, binding: null, limitAt: null, moreSeconds: null },
        stoppedBy: null,
        ...{ confidence, precision, budgetSeconds },
        played: this.#observed.length,
        seconds: this.#used,
        proof: proof === undefined ? null : { rate: proof.rate, verdict: proof.verdict },
        hysteresis: this.#hysteresis,
        targetChanged: changed ? { rate: first!.rate, firstMs, lastMs } : null,
        unsettled: this.#evidence().flatMap(({ unsettled, rate }) => (unsettled ? [rate] : [])),
        withoutSamples: terms.flatMap(({ name }, at) =>
          this.#observed.length > 0 && this.#observed.every((level) => level.terms[at]!.share === null) ? [name] : [],
        ),
        ...known,
      },
    };
  }
}

/** The rate with the most information: at the estimate while it is vague, then on both sides in turn. */
function nextRate({ rate, halfWidth, quartiles: [lower, upper] }: Knee, asked: number): number {
  if (halfWidth > WIDE) return rate;
  return asked % 2 === 0 ? Math.min(lower, rate * Math.exp(-ASIDE)) : Math.max(upper, rate * Math.exp(ASIDE));
}
