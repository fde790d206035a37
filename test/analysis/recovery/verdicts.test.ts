import { describe, expect, test } from 'vitest';
import { checkFault, parseHypothesis, usualExpectations } from '../../../analysis/recovery/hypothesis.ts';
import { judgeFault } from '../../../analysis/recovery/judge-fault.ts';
import type { FaultTimes, RunSeconds } from '../../../analysis/recovery/series.ts';
import { differenceOfShares, dispersionIndex } from '../../../analysis/recovery/steady.ts';
import { caseName, caseSentence, faultSentences } from '../../../analysis/recovery/words.ts';
import { noise } from '../made-noise.ts';

const TIMES: FaultTimes = {
  ...{
    name: 'unavailable',
    steadyFrom: 10,
    steadyTo: 100,
    begin: 100,
    end: 130,
    recoveryEnd: 190,
    steadyEnd: 250,
    share: 0.3,
  },
};

interface Made {
  /** Seconds after the fault's end until all is as before. */
  readonly back: number;
  readonly seed?: number;
  readonly usual?: number;
  /** p95 after the recovery, against before. */
  readonly slower?: number;
  readonly retries?: number;
  /** Flows a second. */
  readonly rate?: number;
}

/** A run of 250 s: while the fault lasts, and `back` s longer, 30 % of requests and of flows fail and p95 is four times as long. */
function made({ back, seed = 1, usual = 0.002, slower = 1, retries = 1, rate = 15 }: Made): RunSeconds {
  const { binomial, normal } = noise(seed);
  const seconds = Array.from({ length: 250 }, (_, t) => t);
  const bad = (t: number): boolean => t >= 102 && t < 130 + back;
  const share = (t: number): number => (bad(t) ? 0.3 : usual);
  const started = seconds.map(() => rate);
  const requests = seconds.map((t) => Math.round(6 * rate * (bad(t) ? retries : 1)) + Math.round(2 * normal()));
  const after = (t: number): number => (t >= 130 + back ? slower : 1);
  return {
    ...{ started, ended: started, requests },
    errors: requests.map((n, t) => binomial(n, share(t))),
    off: started.map((n, t) => binomial(n, share(t))),
    p95: seconds.map((t) => 100 * (bad(t) ? 4 : after(t)) * Math.exp(0.05 * normal())),
  };
}

test('what broke, when it was over, what it cost', () => {
  const verdict = judgeFault(made({ back: 8, retries: 2.5 }), TIMES, undefined);
  expect(verdict.sickBefore).toEqual([]);
  expect(verdict.impact!.low).toBeLessThanOrEqual(2);
  expect(verdict.impact!.high).toBeGreaterThanOrEqual(2);
  expect(verdict.recovery.low).toBeLessThanOrEqual(8);
  expect(verdict.recovery.high).toBeGreaterThanOrEqual(8);
  // 36 s at 15/s, 30 % of them.
  expect(verdict.lost.low).toBeLessThan(162);
  expect(verdict.lost.high).toBeGreaterThan(160);
  expect(verdict.amplification!.value).toBeCloseTo(1 + 1.5 * (28 / 30), 1);
  expect(verdict.amplificationAfter!.value).toBeCloseTo(1, 1);
  expect(verdict.detection).toMatchObject({ computed: true });
  expect(verdict.stuck.value).toBe(0);
  expect(faultSentences(verdict)[0]).toMatch(
    /^unavailable: time to impact 2\.0 s .+; recovery 8\.\d s \([\d.]+ to [\d.]+\); \d+ of 1350 flows lost/,
  );
});

test('a budget is what an outage costs of it', () => {
  const settings = { backWithin: 0.01, backWithinLatency: 0.1, mostErrors: 0.01, mostOff: 0.01, mostP95: 500 };
  const budget = { objective: 0.999, windowDays: 30, signInsPerWindow: 1e6 };
  const verdict = judgeFault(made({ back: 0 }), TIMES, { ...settings, ...budget });
  expect(verdict.budget.burnRate).toBeCloseTo(280, -2);
  expect(verdict.budget.used).toBeCloseTo(verdict.lost.value / 1000, 9);
});

test('back, but slower', () => {
  const verdict = judgeFault(made({ back: 5, slower: 1.12 }), TIMES);
  expect(verdict.after!.p95.low).toBeGreaterThan(0.05);
  expect(verdict.after!.p95.high).toBeLessThan(0.2);
  expect(verdict.recoveries.errors.seconds).toBeLessThan(7);
  expect(faultSentences(verdict).at(-1)).toMatch(/1[0-4] % slower \(\d+ to 1\d %\)$/);
});

test('one that never comes back is beyond what was looked at', () => {
  const { recovery } = judgeFault(made({ back: 120 }), TIMES);
  expect(recovery).toMatchObject({ seconds: null, high: null, looked: 60 });
});

test('a fault that nobody feels has no impact', () => {
  const verdict = judgeFault(made({ back: -28 }), TIMES);
  expect(verdict.impact).toBeNull();
  // Of 15 flows a second it takes some to know.
  expect(verdict.recovery.seconds).toBeLessThanOrEqual(1);
  expect(verdict.recovery.high).toBeLessThanOrEqual(10);
});

describe('the hypothesis', () => {
  const expectations = usualExpectations(TIMES);
  const of = (how: Made, expected = expectations) => checkFault(judgeFault(made(how), TIMES), expected);
  const recovers = (how: Made) => of(how).find(({ measure }) => measure === 'recovery')!;

  test('a recovery in time passes, one that comes 10 s late fails, one at the limit is not known', () => {
    expect(recovers({ back: 20 }).outcome).toBe('passed');
    const late = recovers({ back: 40 });
    expect(late.outcome).toBe('failed');
    expect(caseName(late)).toBe('recovers within 30 s');
    expect(caseSentence(late)).toMatch(/^was 40 s \(.+\), limit 30 s$/);
    expect(recovers({ back: 30 }).outcome).toBe('not_known');
    expect(caseSentence(recovers({ back: 30 }))).toMatch(/^not known: .+, limit 30 s/);
    expect(recovers({ back: 120 })).toMatchObject({ outcome: 'failed', high: null });
  });

  test('on a target that is not well before the fault there is no experiment', () => {
    const sick = of({ back: 5, usual: 0.05 });
    expect(sick.map(({ outcome }) => outcome)).toEqual(expectations.map(() => 'error'));
    expect(faultSentences(judgeFault(made({ back: 5, usual: 0.05 }), TIMES))[0]).toMatch(
      /no experiment, the target was unhealthy before it: failed requests/,
    );
  });

  test('amplification beyond the limit fails', () => {
    const find = (retries: number) =>
      of({ back: 5, retries }).find(({ measure }) => measure === 'amplification')!.outcome;
    expect([find(1.2), find(4)]).toEqual(['passed', 'failed']);
  });

  test('is written as a line', () => {
    expect(parseHypothesis('slow: recovery<30s, lost<2%, flow_failure_rate during<10%, stuck=0')).toEqual({
      fault: 'slow',
      expectations: [
        { measure: 'recovery', limit: 30 },
        { measure: 'lost', limit: 0.02 },
        { measure: 'flow_failure_rate during', limit: 0.1 },
        { measure: 'stuck', limit: 0 },
      ],
    });
    expect(() => parseHypothesis('slow: recovered<30s')).toThrow('"recovered<30s" cannot be parsed');
    expect(() => parseHypothesis('recovery<30s')).toThrow('does not name a fault');
  });

  test.each([
    ['lost<2', 'has no unit: write it as "lost<2%"'],
    ['lost<2s', 'has the unit s: write it as "lost<2%"'],
    ['recovery<30', 'has no unit: write it as "recovery<30s"'],
    ['recovery<30%', 'has the unit %: write it as "recovery<30s"'],
    ['amplification<200%', 'has the unit %: write it as "amplification<200"'],
    ['steady after<10', 'has no unit: write it as "steady after<10%"'],
    ['lost<1.2.3%', 'cannot be parsed'],
  ])('%s is refused', (term, says) => {
    expect(() => parseHypothesis(`slow: ${term}`)).toThrow(says);
  });
});

test('Newcombe’s interval is that of his paper: 56 of 70 less 48 of 80', () => {
  const { low, high } = differenceOfShares({ events: 56, trials: 70 }, { events: 48, trials: 80 });
  expect(low).toBeCloseTo(0.0524, 4);
  expect(high).toBeCloseTo(0.3339, 4);
});

test('polls in step have a dispersion beyond 1', () => {
  const { binomial } = noise(5);
  expect(dispersionIndex(Array.from({ length: 2000 }, () => binomial(1000, 0.005)))).toBeCloseTo(1, 0);
  expect(dispersionIndex(Array.from({ length: 2000 }, (_, i) => (i % 10 === 0 ? 50 : 0)))).toBeGreaterThan(10);
});
