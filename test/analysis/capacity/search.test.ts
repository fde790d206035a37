import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextLevel } from '../../../analysis/capacity/search.ts';
import type { PlayedLevel, Purpose } from '../../../analysis/capacity/search-level.ts';
import { checkSearch } from '../../../analysis/capacity/search-settings.ts';
import { SETTINGS, estimated, kneeAt, played, scriptedSearch } from './scripted-search.ts';

const purposes = (levels: readonly PlayedLevel[]): Purpose[] => levels.map(({ purpose }) => purpose);
const rates = (levels: readonly PlayedLevel[], purpose: Purpose): number[] =>
  levels.filter((level) => level.purpose === purpose).map(({ rate }) => rate);

describe('a search', () => {
  test('goes up by twos, looks whether the target comes back, closes in, proves, and replays the first rate', () => {
    const { answer, levels } = scriptedSearch(kneeAt(57), { budgetSeconds: 1_500 });
    expect(rates(levels, 'up')).toEqual([10, 20, 40, 80]);
    expect(rates(levels, 'hysteresis')).toEqual([40]);
    expect(purposes(levels).slice(-2)).toEqual(['proof', 'replay']);
    expect(answer).toMatchObject({ verdict: 'found', unit: 'flows/s', hysteresis: null, targetChanged: null });
    expect(Math.abs(answer.rate! / 57 - 1)).toBeLessThan(0.02);
    expect(answer.low).toBeLessThan(57);
    expect(answer.high).toBeGreaterThan(57);
    expect(answer.binding).toEqual({ name: 'p95(http_req_duration)', limit: '100 ms' });
    expect(answer.proof!.rate).toBeLessThan(answer.rate!);
    expect(answer.seconds).toBeLessThanOrEqual(1_500);
  });

  test('finds the knee wherever it is, of a queue or of a cliff, within its budget', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 400, noNaN: true }),
        fc.constantFrom(15, 50, 250, 2_000),
        (knee, steepness) => {
          const { answer } = scriptedSearch(kneeAt(knee, steepness), { budgetSeconds: 1_500 });
          expect(answer.low).toBeLessThanOrEqual(knee * 1.01);
          expect(answer.high ?? Infinity).toBeGreaterThanOrEqual(knee / 1.01);
          expect(Math.abs((answer.rate ?? answer.low!) / knee - 1)).toBeLessThan(0.06);
          expect(answer.seconds).toBeLessThanOrEqual(1_500);
        },
      ),
      { numRuns: 10 },
    );
  });

  test('is pure: the same levels give the same step, and what was cut off is left out', () => {
    const { levels } = scriptedSearch(kneeAt(57));
    for (let at = 0; at < levels.length; at += 3) {
      const before = levels.slice(0, at);
      const step = nextLevel(before, SETTINGS);
      expect(nextLevel(before, SETTINGS)).toEqual(step);
      expect(step).toMatchObject({ level: { rate: levels[at]!.rate, purpose: levels[at]!.purpose } });
      const cut: PlayedLevel = { ...levels[at]!, end: 'cut', seconds: 0 };
      expect(nextLevel([...before, cut], SETTINGS)).toEqual(step);
    }
  });

  test('goes on whichever of its records are damaged', () => {
    fc.assert(
      fc.property(fc.constantFrom(1.4, 57), fc.integer({ min: 1, max: 14 }), fc.nat(0x3fff), (knee, most, damaged) => {
        const whole = scriptedSearch((level, nth) => (knee > 50 && nth < 2 ? 0.4 : kneeAt(knee)(level))).levels;
        const levels = whole
          .slice(0, most)
          .map((level, at): PlayedLevel => ((damaged >> at) % 2 === 1 ? { ...level, end: 'cut' } : level));
        expect(nextLevel(levels, SETTINGS)).toBeDefined();
      }),
      { numRuns: 30 },
    );
  });

  test('goes on where it ended when it is given more time', () => {
    const noisy = ({ rate, looks }: { rate: number; looks: readonly number[] }, nth: number): number =>
      Math.min(0.95, kneeAt(57, 12)({ rate, looks } as never) * (nth % 2 === 0 ? 0.3 : 3));
    const short = scriptedSearch(noisy, { budgetSeconds: 600 });
    expect(short.answer.verdict).toBe('budget');
    const step = nextLevel(short.levels, { ...SETTINGS, budgetSeconds: 1_200 });
    expect(step).toMatchObject({ level: { purpose: 'knee' } });
  });

  test('whose first rate does not hold goes down', () => {
    const { answer, levels } = scriptedSearch(kneeAt(1.4));
    expect(rates(levels, 'down')).toEqual([5, 2.5, 1.25]);
    expect(answer.verdict).toBe('found');
    expect(Math.abs(answer.rate! / 1.4 - 1)).toBeLessThan(0.03);
  });

  test('without a rate that holds says so at the smallest one', () => {
    const { answer, levels } = scriptedSearch(() => 0.9, { budgetSeconds: 5_000 });
    expect(rates(levels, 'down').at(-1)).toBe(0.01);
    expect(answer).toMatchObject({ verdict: 'not-even', limitAt: 0.01, rate: null, low: null });
    expect(answer.binding?.name).toBe('p95(http_req_duration)');
  });

  test('in which everything holds says at least the largest rate', () => {
    const { answer, levels } = scriptedSearch(() => 0);
    expect(rates(levels, 'up')).toEqual([10, 20, 40, 80, 160, 320, 500]);
    expect(answer).toMatchObject({ verdict: 'at-least', low: 500, rate: null, high: null });
    expect(purposes(levels).at(-1)).toBe('replay');
  });

  test('that is undecided at the largest rate goes on below it and never beyond', () => {
    const { answer, levels } = scriptedSearch(kneeAt(81, 30), { maxRate: 80 });
    expect(Math.max(...levels.map(({ rate }) => rate))).toBe(80);
    expect(purposes(levels)).toContain('knee');
    expect(answer.low).toBeLessThanOrEqual(80);
  });

  test('whose budget ends after undecided levels promises none of their rates', () => {
    const { answer, levels } = scriptedSearch(() => 0.04, { budgetSeconds: 250 });
    expect(levels.map(({ verdict }) => verdict)).toContain('undecided');
    expect(answer).toMatchObject({ verdict: 'budget', low: null, high: null });
    expect(scriptedSearch(({ rate }) => (rate < 15 ? 0 : 0.04), { budgetSeconds: 250 }).answer.low).toBe(10);
  });

  test('whose budget ends tells what it knows and how long it would take', () => {
    const wild = (level: Parameters<ReturnType<typeof kneeAt>>[0], nth: number): number =>
      level.rate > 70 ? 0.9 : level.rate < 45 ? 0.001 : nth % 2 === 0 ? 0.4 : 0.002;
    const { answer } = scriptedSearch(wild, { budgetSeconds: 600 });
    expect(answer.verdict).toBe('budget');
    expect(answer.halfWidth).toBeGreaterThan(0.05);
    expect(answer.moreSeconds).toBeGreaterThan(60);
    expect(answer.seconds).toBeLessThanOrEqual(600);
  });

  test('whose budget ends before anything broke knows a lower end', () => {
    const { answer } = scriptedSearch(kneeAt(300), { budgetSeconds: 365 });
    expect(answer).toMatchObject({ verdict: 'budget', low: 80, high: null });
  });
});

describe('what befalls a search', () => {
  test('a level at which the generator was the limit is played again; twice ends it', () => {
    const late = scriptedSearch(({ rate }) => (rate > 100 ? { end: 'generator' } : 0));
    expect(rates(late.levels, 'up')).toEqual([10, 20, 40, 80, 160, 160]);
    expect(late.answer).toMatchObject({ verdict: 'generator', low: 80, limitAt: 160, rate: null });
    let hiccups = 0;
    const once = scriptedSearch((level) =>
      level.rate === 40 && hiccups++ === 0 ? { end: 'generator' } : kneeAt(57)(level),
    );
    expect(once.answer.verdict).toBe('found');
    expect(once.answer.played).toBe(once.levels.length - 1);
  });

  test('a replay that the generator could not play leaves the answer as it is', () => {
    const { answer, levels } = scriptedSearch((level) =>
      level.purpose === 'replay' ? { end: 'generator' } : kneeAt(57)(level),
    );
    expect(purposes(levels).slice(-3)).toEqual(['knee', 'replay', 'replay']);
    expect(answer).toMatchObject({ verdict: 'found', targetChanged: null });
  });

  test('the limit of one address ends it at once', () => {
    const { answer, levels } = scriptedSearch(({ rate }) => (rate > 50 ? { end: 'one-address' } : 0));
    expect(rates(levels, 'up')).toEqual([10, 20, 40, 80]);
    expect(answer).toMatchObject({ verdict: 'one-address', low: 40, limitAt: 80 });
  });

  test('a target that does not come back after an overload is found, waited for longer, and does not spoil the fit', () => {
    let overloaded = false;
    const { answer, levels } = scriptedSearch((level) => {
      if (level.purpose === 'hysteresis') return { ...played(level, 0.8, SETTINGS), recoveredSeconds: 38 };
      overloaded ||= level.rate >= 80;
      return kneeAt(57)(level);
    });
    expect(overloaded).toBe(true);
    expect(answer.hysteresis).toEqual({ held: 40, after: 80, recoveredSeconds: 38 });
    expect(Math.abs(answer.rate! / 57 - 1)).toBeLessThan(0.02);
    const at = purposes(levels).indexOf('hysteresis');
    expect(levels.slice(0, at + 1).filter(({ purpose }) => purpose === 'hysteresis')).toHaveLength(1);
    // The cool-down after the check is what tells how long the target takes.
    expect(nextLevel(levels.slice(0, at - 1), SETTINGS)).toMatchObject({ level: { patience: 1 } });
    expect(nextLevel(levels.slice(0, at), SETTINGS)).toMatchObject({ level: { purpose: 'hysteresis', patience: 2 } });
    expect(nextLevel(levels.slice(0, at + 1), SETTINGS)).toMatchObject({ level: { patience: 2 } });
  });

  test('looks again after an overload that lasted longer, so that a target is found which one of seconds does not break', () => {
    const { answer, levels } = scriptedSearch((level, nth) => {
      const share = kneeAt(50)(level);
      if (level.purpose === 'hysteresis') return nth > 5 ? { share: 0.9, recoveredSeconds: 12 } : share;
      return share > 0.5 ? { ...played(level, share, SETTINGS), lookedSeconds: level.rate > 70 ? 15 : 60 } : share;
    });
    expect(purposes(levels).slice(0, 7)).toEqual(['up', 'up', 'up', 'up', 'hysteresis', 'knee', 'hysteresis']);
    expect(answer.hysteresis).toEqual({ held: 40, after: levels[5]!.rate, recoveredSeconds: 12 });
    expect(rates(levels, 'hysteresis')).toEqual([40, 40]);
  });

  test('looks after an overload that ended before most of its requests were slow', () => {
    const { answer } = scriptedSearch((level) => {
      if (level.purpose === 'hysteresis') return 0.9;
      return level.rate === 80
        ? { terms: [estimated(0.3, 100), estimated(0, 900)], verdict: 'broke' }
        : kneeAt(57)(level);
    });
    expect(answer.hysteresis).toMatchObject({ held: 40, after: 80 });
  });

  test('does not take a look without a sample for a target that has recovered', () => {
    let looks = 0;
    const nothing = { terms: [estimated(null), estimated(null)], verdict: 'undecided' } as const;
    const { answer } = scriptedSearch((level) => {
      if (level.purpose !== 'hysteresis') return kneeAt(57)(level);
      return looks++ === 0 ? nothing : 0.9;
    });
    expect(answer.hysteresis).toMatchObject({ held: 40, after: 80 });
  });

  test('looks longer where a look after an overload leaves open whether the target recovers', () => {
    const after = (share: number): ReturnType<typeof scriptedSearch> => {
      let looks = 0;
      return scriptedSearch((level) => {
        if (level.purpose !== 'hysteresis') return kneeAt(57)(level);
        return looks++ === 0 ? { terms: [estimated(0.08, 30), estimated(0, 900)], verdict: 'undecided' } : share;
      });
    };
    expect(after(0.3).answer.hysteresis).toMatchObject({ held: 40, after: 80 });
    expect(after(0.3).levels.filter(({ purpose }) => purpose === 'hysteresis')).toMatchObject([
      { lookedSeconds: 15 },
      { lookedSeconds: 60 },
    ]);
    expect(after(0.001).answer.hysteresis).toBeNull();
  });

  test('a rate that does worse after an overload by chance is no target that stays down', () => {
    const { answer } = scriptedSearch((level) =>
      level.purpose === 'hysteresis' || level.rate === 40
        ? { terms: [{ ...estimated(0.045, 20), high: 0.4 }, estimated(0, 900)], verdict: 'undecided' }
        : kneeAt(57)(level),
    );
    expect(answer.hysteresis).toBeNull();
  });

  test('a check after an overload that the generator cannot play is left out', () => {
    const { answer, levels } = scriptedSearch((level) =>
      level.purpose === 'hysteresis' ? { end: 'generator' } : kneeAt(57)(level),
    );
    expect(rates(levels, 'hysteresis')).toEqual([40, 40]);
    expect(answer).toMatchObject({ verdict: 'found', hysteresis: null });
  });

  test('a rate that held and lower ones that are overloaded later contradict each other, as do those of a replay', () => {
    const halved = scriptedSearch((level, nth) => kneeAt(nth < 8 ? 57 : 28)(level));
    expect(halved.answer.contradiction!.broke).toBeLessThan(0.95 * halved.answer.contradiction!.held);
    const failing = scriptedSearch((level) => (level.purpose === 'replay' ? 0.2 : kneeAt(57)(level)));
    expect(failing.answer).toMatchObject({ verdict: 'found', contradiction: { held: 10, broke: 10 } });
    expect(scriptedSearch(kneeAt(57)).answer.contradiction).toBeNull();
  });

  test('a cold target that breaks at first is not taken for a weak one: the rate is played again once a lower one holds', () => {
    const cold = scriptedSearch((level, nth) => (nth < 2 ? 0.4 : kneeAt(57)(level)), { budgetSeconds: 1_500 });
    const { answer, levels } = cold;
    expect(levels.slice(0, 6).map(({ purpose, rate }) => [purpose, rate])).toEqual([
      ['up', 10],
      ['down', 5],
      ['down', 2.5],
      ['cold', 5],
      ['up', 10],
      ['up', 20],
    ]);
    expect(answer.verdict).toBe('found');
    expect(Math.abs(answer.rate! / 57 - 1)).toBeLessThan(0.02);
  });

  test('a first level on a cold target is played again, and the first time is left out', () => {
    const { answer, levels } = scriptedSearch((level, nth) => (nth === 0 ? 0.04 : kneeAt(57)(level)));
    expect(purposes(levels).slice(0, 4)).toEqual(['up', 'up', 'cold', 'up']);
    expect(rates(levels, 'cold')).toEqual([10]);
    expect(answer.verdict).toBe('found');
  });

  test('a first level that is worse than the second by a few samples, far below what is allowed, is no cold target', () => {
    const { levels } = scriptedSearch((level, nth) =>
      nth === 0 ? { terms: [{ ...estimated(0.004), low: 0.002 }, estimated(0, 900)] } : kneeAt(57)(level),
    );
    expect(purposes(levels)).not.toContain('cold');
  });

  test('a target that answers otherwise at the end than at the beginning marks the answer', () => {
    const { answer } = scriptedSearch((level) =>
      level.purpose === 'replay' ? { medianMs: 26 } : { terms: [estimated(kneeAt(57)(level)), estimated(0, 900)] },
    );
    expect(answer.targetChanged).toEqual({ rate: 10, firstMs: 20, lastMs: 26 });
  });

  test('a term without a sample is named, and nothing is taken to hold for it', () => {
    const { answer } = scriptedSearch((level) => ({
      ...played(level, kneeAt(57)(level), SETTINGS),
      terms: [estimated(kneeAt(57)(level)), estimated(null)],
    }));
    expect(answer.withoutSamples).toEqual(['error_rate']);
    expect(Math.abs(answer.rate! / 57 - 1)).toBeLessThan(0.02);
  });

  test('the term whose knee is lowest binds', () => {
    const { answer } = scriptedSearch((level) => ({
      ...played(level, kneeAt(90)(level), SETTINGS),
      terms: [estimated(kneeAt(90)(level)), estimated(kneeAt(57)(level) / 5, 900)],
    }));
    expect(answer.binding).toEqual({ name: 'error_rate', limit: '1 %' });
    expect(Math.abs(answer.rate! / 57 - 1)).toBeLessThan(0.03);
  });

  test('a rate that failed by a mishap does not bound the knee: it is tried again once it, or more, has held twice', () => {
    const { answer, levels } = scriptedSearch((level, nth) => (nth === 1 ? 0.07 : kneeAt(57)(level)), {
      budgetSeconds: 1_500,
    });
    expect(rates(levels, 'up').filter((rate) => rate === 20)).toHaveLength(2);
    expect(rates(levels, 'up').at(-1)).toBe(80);
    expect(Math.abs(answer.rate! / 57 - 1)).toBeLessThan(0.03);
    // Without the time for that it does, so that there is an answer.
    const refuted = levels.findIndex(({ purpose, rate }, nth) => nth > 1 && purpose === 'up' && rate === 20);
    const used = levels.slice(0, refuted).reduce((sum, { seconds }) => sum + seconds, 0);
    const ended = nextLevel(levels.slice(0, refuted), { ...SETTINGS, budgetSeconds: used });
    expect(ended).toMatchObject({ level: { purpose: 'replay' } });
  });

  test('levels that did not settle are named', () => {
    const { answer } = scriptedSearch((level) => ({
      ...played(level, kneeAt(57)(level), SETTINGS),
      unsettled: level.rate === 20,
    }));
    expect(answer.unsettled).toEqual([20]);
  });
});

describe('settings of a search', () => {
  test.each([
    [{ budgetSeconds: 120 }, null, '4 levels of 60 s, the minimum for an answer, take 360 s'],
    [{}, 600, '--at-least 600 is above --max 500: it could never be met'],
    [{ startRate: 600 }, null, '--max 500 is below --start 600'],
    [{ startRate: 0 }, null, 'the smallest rate is 0.01'],
    [{ precision: 0.01 }, null, '--precision 1%'],
    [{ confidence: 1 }, null, '--confidence 100%'],
  ])('%o is refused', (changed, atLeast, why) => {
    expect(() => checkSearch({ ...SETTINGS, ...changed }, atLeast)).toThrow(why);
  });

  test('usual ones are taken', () => {
    expect(() => checkSearch(SETTINGS, 40)).not.toThrow();
  });
});
