import { describe, expect, test } from 'vitest';
import { planOf, sentencesOf, shows } from '../../../analysis/capacity/answer.ts';
import type { CapacityAnswer } from '../../../analysis/capacity/answer.ts';

const FOUND: CapacityAnswer = {
  ...{ verdict: 'found', unit: 'flows/s', rate: 57.42, low: 55.31, high: 59.58, confidence: 0.95, precision: 0.05 },
  ...{ halfWidth: 0.037, binding: { name: 'p95(poll_duration)', limit: '300 ms' }, limitAt: null, played: 10 },
  ...{ seconds: 700, budgetSeconds: 900, moreSeconds: null, proof: { rate: 55.3, verdict: 'held' }, hysteresis: null },
  ...{ targetChanged: null, unsettled: [], withoutSamples: [], stoppedBy: null },
};
const NOTHING = { pairingShare: null, flowSeconds: null };
const first = (changed: Partial<CapacityAnswer>): string => sentencesOf({ ...FOUND, ...changed }, NOTHING)[0]!;
const UNKNOWN = { rate: null, low: null, high: null, halfWidth: null, binding: null, proof: null } as const;

describe('an answer', () => {
  test('is said in the units of those who plan', () => {
    expect(sentencesOf(FOUND, { pairingShare: 0.3, flowSeconds: 20.2 })).toEqual([
      '57.4 sign-ins/s meet the objective (95 %: 55.3 to 59.6); beyond that, p95(poll_duration) is the first to reach 300 ms.',
      'In an hour that is 62,000 pairings (95 %: 59,700 to 64,300), of 207,000 sign-ins.',
      'Safe to promise: 55/s, or 198,000 sign-ins an hour, 59,400 of them pairings; about 1,111 people are signing in at any time.',
      '55.3/s was played once more, to confirm the lower end, and held.',
    ]);
    const least = { ...FOUND, ...UNKNOWN, verdict: 'at-least', low: 500 } as const;
    expect(sentencesOf(least, { pairingShare: 0.3, flowSeconds: null })[1]).toBe(
      'In an hour that is at least 540,000 pairings, of 1,800,000 sign-ins.',
    );
    expect(sentencesOf(FOUND, NOTHING)[1]).toBe('Safe to promise: 55/s, or 198,000 sign-ins an hour.');
  });

  test('promises the lower end, rounded down', () => {
    const promised = (low: number): unknown => planOf({ ...FOUND, low }, NOTHING)?.perSecond;
    expect([55.9, 559, 5.59, 0.559, 0.29, 9.99, 100].map(promised)).toEqual([55, 550, 5.5, 0.55, 0.29, 9.9, 100]);
    expect(planOf({ ...FOUND, low: null }, NOTHING)).toBeNull();
  });

  test('that is none yet says what is known', () => {
    expect(first({ ...UNKNOWN, verdict: 'at-least', low: 500 })).toBe(
      'At least 500 sign-ins/s meet the objective: the highest rate allowed held.',
    );
    expect(first({ ...UNKNOWN, verdict: 'not-even', limitAt: 2, binding: { name: 'error_rate', limit: '1 %' } })).toBe(
      'Not even 2 sign-ins/s meet the objective: error_rate is not below 1 %.',
    );
    expect(first({ verdict: 'budget', low: 40, high: 64, binding: null, moreSeconds: 1_180 })).toBe(
      'The most that meets the objective is between 40 and 64 sign-ins/s (95 % confidence). The budget of 15 min ended; 20 min more would give ±\u00a05 %.',
    );
    expect(first({ ...UNKNOWN, verdict: 'budget', low: 40 })).toBe(
      'At least 40 sign-ins/s meet the objective: the budget of 15 min ended before any rate failed it.',
    );
    expect(first({ ...UNKNOWN, verdict: 'budget', limitAt: 0.5 })).toBe(
      'No rate is known to meet the objective, 0.5/s tried last: the budget of 15 min ended.',
    );
    expect(first({ ...UNKNOWN, verdict: 'generator', low: 180, limitAt: 200 })).toBe(
      'At least 180 sign-ins/s meet the objective; the load generator was the limit at 200.',
    );
    expect(first({ ...UNKNOWN, verdict: 'one-address', low: 40, limitAt: 80 })).toBe(
      "At least 40 sign-ins/s meet the objective; at 80 the run hit the limit of one source address, not the deployment's.",
    );
  });

  test('says what else has to be known', () => {
    const said = sentencesOf(
      {
        ...FOUND,
        proof: null,
        targetChanged: { rate: 10, firstMs: 20, lastMs: 26 },
        contradiction: { held: 40, broke: 30 },
        hysteresis: { held: 40, after: 80, recoveredSeconds: 38 },
        unsettled: [20],
        withoutSamples: ['pairing_error_rate'],
      },
      NOTHING,
    );
    expect(said.slice(2)).toEqual([
      'The target changed during the search: at 10/s the median was 20 ms at first and 26 ms at the end.',
      'The levels contradict each other: 40/s held, and 30/s did not later; the target changed, or had not recovered from an overload.',
      'After an overload the target does not recover on its own: 40/s held before 80/s was tried, not after; at one flow a second it took 38 s to recover.',
      'There was no time to confirm the lower end.',
      'Not settled, so counted half: 20/s.',
      'Not judged, because there were no samples: pairing_error_rate.',
    ]);
    expect(sentencesOf({ ...FOUND, hysteresis: { held: 40, after: 80, recoveredSeconds: null } }, NOTHING)[2]).toMatch(
      /not after; it was not seen to recover\.$/,
    );
  });

  test('shows a rate only if its lower end reaches it', () => {
    expect(shows(FOUND, 55)).toBe(true);
    expect(shows(FOUND, 57)).toBe(false);
    expect(shows({ ...FOUND, ...UNKNOWN }, 1)).toBe(false);
  });
});
