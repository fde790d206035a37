import type { CapacityAnswer, CapacityVerdict } from './answer.ts';
import { Evidence, met } from './evidence.ts';
import type { Bracket } from './evidence.ts';
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
/** Part of what is allowed from which a worse first level is taken for a cold target; below it, it is chance and far from the knee. */
const COLD_PART = 1 / 3;
/** Tolerated relative change of the median in the replay. */
const SAME_TARGET = 0.1;

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

class Search {
  readonly #settings: SearchSettings;
  /** In playing order, without levels that were cut. */
  readonly #levels: readonly PlayedLevel[];
  readonly #shown: Evidence;
  readonly #used: number;

  constructor(levels: readonly PlayedLevel[], settings: SearchSettings) {
    this.#settings = settings;
    this.#levels = levels.filter(({ end }) => end !== 'cut');
    this.#shown = new Evidence(levels, settings);
    this.#used = levels.reduce((sum, { seconds }) => sum + seconds, 0);
  }

  step(): NextStep {
    const last = this.#levels.at(-1);
    if (last?.end === 'one-address') return this.#ended('one-address', last.rate);
    if (last?.end === 'generator') {
      const before = this.#levels.at(-2);
      const again = before?.end === 'generator' && before.rate === last.rate;
      if (!again) return this.#again(last);
      // Of those the answer does not depend.
      if (last.purpose !== 'replay' && last.purpose !== 'hysteresis') return this.#ended('generator', last.rate);
    }
    return this.#coldStart() ?? this.#afterOverload() ?? this.#wayToTheKnee() ?? this.#atTheKnee();
  }

  soFar(): CapacityAnswer {
    return (this.#ended('stopped', null) as { readonly answer: CapacityAnswer }).answer;
  }

  curves(): Knee['curves'] {
    const bracket = this.#bracket(true);
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

  /**
   * If the first level was worse than the second, at a higher rate, the target was cold: repeat the first. If the first
   * did not hold, it may have been cold: once a lower rate holds, repeat the one above it.
   */
  #coldStart(): NextStep | undefined {
    const [first, second] = this.#shown.observed;
    const [above, last] = this.#shown.observed.slice(-2);
    if (above !== undefined && last?.purpose === 'down' && met(last, this.#settings))
      return this.#fits(1) ? this.#level(above.rate, 'cold', LOOKS) : undefined;
    if (first === undefined || second?.purpose !== 'up' || this.#shown.observed.length !== 2) return undefined;
    const colder = first.terms.some(
      ({ low, share }, at) =>
        low > (second.terms[at]!.share ?? 1) && (share ?? 0) > COLD_PART * this.#settings.terms[at]!.allowed,
    );
    return colder && this.#fits(1) ? this.#level(first.rate, 'cold', LOOKS) : undefined;
  }

  /** Right after the first overload, and after one that lasted longer: briefly the highest rate that had held. */
  #afterOverload(): NextStep | undefined {
    const last = this.#shown.observed.at(-1);
    if (last === undefined || this.#shown.hysteresis !== null) return undefined;
    // A check that the generator could not play, twice, is not tried again.
    if (this.#levels.filter(({ purpose, end }) => purpose === 'hysteresis' && end === 'generator').length > 1)
      return undefined;
    const open = !met(last, this.#settings) || last.terms.every(({ share }) => share === null);
    const again = last.purpose === 'hysteresis' && last.verdict === 'undecided' && open;
    if (again && this.#shown.observed.at(-2)?.purpose !== 'hysteresis' && this.#fits(1))
      return this.#level(last.rate, 'hysteresis', LOOKS);
    const before = this.#shown.largestMet(last.rate);
    if (before === undefined || !this.#shown.overloaded(last) || !this.#fits(1 / 4)) return undefined;
    const checked = this.#shown.observed.filter((_, at) => this.#shown.observed[at + 1]?.purpose === 'hysteresis');
    if (checked.some(({ lookedSeconds }) => lookedSeconds >= last.lookedSeconds)) return undefined;
    return this.#level(before.rate, 'hysteresis', [1 / 4]);
  }

  /** Doubles the rate until one does not meet the objective; halves it if already the first did not. */
  #wayToTheKnee(): NextStep | undefined {
    const { startRate, maxRate } = this.#settings;
    const tried = this.#shown.bracketing();
    if (tried.length === 0) return this.#level(startRate, 'up', LOOKS);
    if (this.#bracket(!this.#fits(1)) !== undefined) return undefined;
    const highest = this.#shown.largestMet(Infinity);
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
    const knee = this.#knee(this.#bracket(!this.#fits(1))!);
    const near = this.#shown.evidence().filter(({ rate }) => Math.abs(Math.log(rate / knee.rate)) <= NEAR);
    const precise = near.length >= FEWEST_NEAR && knee.halfWidth <= MARGIN * precision;
    if (!precise && this.#fits(1)) {
      const asked = this.#shown.observed.filter(({ purpose }) => purpose === 'knee').length;
      return this.#level(Math.min(maxRate, Math.max(SMALLEST_RATE, nextRate(knee, asked))), 'knee', LOOKS);
    }
    const proof = this.#shown.observed.filter(({ purpose }) => purpose !== 'replay').at(-1);
    const proven = proof?.purpose === 'proof' && proof.verdict !== 'broke';
    if (precise && !proven && this.#fits(2)) return this.#level(Math.min(maxRate, knee.low), 'proof', [2]);
    return this.#replay() ?? this.#found(knee, near.length);
  }

  /** Replays the first rate that held, as the last level; undefined: there is none, or it was replayed. */
  #replay(): NextStep | undefined {
    const first = this.#shown.first();
    if (first === undefined || this.#levels.at(-1)?.purpose === 'replay') return undefined;
    return this.#level(first.rate, 'replay', [REPLAY]);
  }

  /** Where there is no time to try a failure again that looks like a mishap, it bounds the knee: `anyway`. */
  #bracket(anyway: boolean): Bracket | undefined {
    return this.#shown.bracket() ?? (anyway ? this.#shown.bracket(true) : undefined);
  }

  #knee(bracket: Bracket): Knee {
    const { terms, confidence } = this.#settings;
    const evidence = this.#shown.evidence();
    const observed = terms.map(({ allowed }, at) => ({
      allowed,
      observations: evidence.flatMap(({ rate, terms: estimates }) => {
        const { share, effective, atLeast } = estimates[at]!;
        return share === null ? [] : [{ rate, share, effective, atLeast }];
      }),
    }));
    return kneeOf(observed, bracket, confidence);
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
        patience: purpose === 'hysteresis' || this.#shown.hysteresis !== null ? 2 : 1,
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
    const held = this.#shown.largestHeld();
    const bracket = this.#bracket(true);
    if (bracket === undefined || this.#shown.largestMet(Infinity) === undefined) {
      const worst = this.#shown.bracketing().at(-1);
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
    const proof = this.#shown.observed.filter(({ purpose }) => purpose === 'proof').at(-1);
    const [first, last] = [this.#shown.first(), this.#shown.observed.at(-1)];
    const [firstMs, lastMs] = [first?.medianMs ?? null, last?.purpose === 'replay' ? last.medianMs : null];
    const changed = firstMs !== null && lastMs !== null && Math.abs(lastMs / firstMs - 1) > SAME_TARGET;
    return {
      answer: {
        verdict,
        unit: 'flows/s',
        ...{ rate: null, low: null, high: null, halfWidth: null, binding: null, limitAt: null, moreSeconds: null },
        stoppedBy: null,
        ...{ confidence, precision, budgetSeconds },
        played: this.#shown.observed.length,
        seconds: this.#used,
        proof: proof === undefined ? null : { rate: proof.rate, verdict: proof.verdict },
        hysteresis: this.#shown.hysteresis,
        contradiction: this.#shown.contradiction(),
        targetChanged: changed ? { rate: first!.rate, firstMs, lastMs } : null,
        unsettled: this.#shown.evidence().flatMap(({ unsettled, rate }) => (unsettled ? [rate] : [])),
        withoutSamples: terms.flatMap(({ name }, at) =>
          this.#shown.observed.length > 0 && this.#shown.observed.every((level) => level.terms[at]!.share === null)
            ? [name]
            : [],
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
