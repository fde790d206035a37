import { afterAll, describe, expect, test } from 'vitest';
import type { Term } from '../../../analysis/capacity/objective.ts';
import { USUAL } from './queue.ts';
import type { Queue } from './queue.ts';
import { doubtSentences } from '../../../analysis/capacity/answer.ts';
import { errorTerm, latencyTerm, simulatedSearch } from './simulated-search.ts';

/**
 * Searches against simulated servers whose knee is known. `npm test` does a twentieth; `npm run check:capacity` the sixty a case of
 * the bar, with the figures (docs/methods.md has them).
 */
const FULL = Number(process.env['CAPACITY_SEARCHES'] ?? 0);
const SEARCHES = FULL || 3;

interface Case {
  readonly name: string;
  readonly queue: Queue;
  readonly terms: readonly Term[];
  /** Flow starts per second, from at least 9,000 s of the experiments' simulation in C, or in closed form. */
  readonly knee: number;
  /** `pooled`: it belongs to those that the bar is set for together. */
  readonly bar: 'pooled' | 'pauses';
}

const EVEN: Queue = { ...USUAL, starts: 'even', gaps: 'fixed' };
const CASES: readonly Case[] = [
  { name: 'Poisson, p95<60 ms', queue: USUAL, terms: [latencyTerm(95, 60)], knee: 53.65, bar: 'pooled' },
  { name: 'Poisson, p95<100 ms', queue: USUAL, terms: [latencyTerm(95, 100)], knee: 57.33, bar: 'pooled' },
  { name: 'Poisson, p95<200 ms', queue: USUAL, terms: [latencyTerm(95, 200)], knee: 59.43, bar: 'pooled' },
  {
    ...{ name: 'even, fixed service, p95<200 ms', terms: [latencyTerm(95, 200)], knee: 66.66, bar: 'pooled' },
    queue: { ...EVEN, service: 'fixed' },
  },
  { name: 'even, log-normal, p95<100 ms', queue: EVEN, terms: [latencyTerm(95, 100)], knee: 61.29, bar: 'pooled' },
  {
    ...{ name: 'Poisson, p95<100 ms and two error rates', queue: USUAL, knee: 57.33, bar: 'pooled' },
    terms: [latencyTerm(95, 100), errorTerm(0.01), errorTerm(0.001)],
  },
  {
    ...{ name: 'Poisson and pauses, p95<100 ms', terms: [latencyTerm(95, 100)], knee: 53.98, bar: 'pauses' },
    queue: { ...USUAL, pauseSeconds: 0.15, pauseEverySeconds: 10 },
  },
];

interface Found {
  readonly bar: Case['bar'];
  readonly error: number;
  readonly covers: boolean;
  readonly halfWidth: number;
  readonly seconds: number;
  /** What is said of a target that is the same all the time, and always recovers. */
  readonly doubts: readonly string[];
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const shareOf = (found: readonly Found[], holds: (one: Found) => boolean): number =>
  mean(found.map((one) => Number(holds(one))));
const near = ({ error }: Found): boolean => Math.abs(error) <= 0.05;
const covers = (one: Found): boolean => one.covers;
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

/** What 60 searches have to reach; of few, how many may miss by chance at that rate (a chance of 1 in 1,000 or less). */
const bar = (share: number, searches: number): number =>
  FULL >= 60 ? share : share - 3.3 * Math.sqrt((share * (1 - share)) / searches);

describe(`${SEARCHES} searches a case`, () => {
  const all: Found[] = [];
  const table: string[] = [];

  test.each(CASES)('$name', { timeout: 1_200_000 }, async ({ name, queue, terms, knee, bar: kind }) => {
    const found: Found[] = [];
    for (let seed = 0; seed < SEARCHES; seed++) {
      // Whoever runs the tests wants to hear from them now and then.
      await new Promise((resolve) => setImmediate(resolve));
      const { answer } = simulatedSearch(
        queue,
        {
          ...{ terms, startRate: 10 * (1 + 0.013 * seed), maxRate: 500, budgetSeconds: 900, precision: 0.05 },
          ...{ confidence: 0.95, levelSeconds: 60, warmUpSeconds: 12, coolSeconds: 8 },
        },
        seed,
      );
      expect(answer.seconds).toBeLessThanOrEqual(900);
      found.push({
        ...{ bar: kind, error: answer.rate! / knee - 1, covers: answer.low! <= knee && knee <= answer.high! },
        ...{ halfWidth: answer.halfWidth!, seconds: answer.seconds, doubts: doubtSentences(answer) },
      });
    }
    const errors = found.map(({ error }) => error);
    const percent = (share: number): string => (share * 100).toFixed(1);
    table.push(
      `| ${name} | ${percent(shareOf(found, near))} | ${percent(shareOf(found, ({ error }) => Math.abs(error) <= 0.03))} | ` +
        `${percent(mean(errors))}, ${percent(Math.sqrt(mean(errors.map((error) => (error - mean(errors)) ** 2))))} | ` +
        `${percent(shareOf(found, covers))} | ${percent(median(found.map(({ halfWidth }) => halfWidth)))} | ${mean(found.map(({ seconds }) => seconds)).toFixed(0)} |`,
    );
    all.push(...found);
    expect(shareOf(found, covers)).toBeGreaterThanOrEqual(bar(0.85, SEARCHES));
    if (kind === 'pooled') expect(shareOf(found, near)).toBeGreaterThanOrEqual(bar(0.85, SEARCHES));
    // Where the answer cannot be had in the time, the interval says so.
    else expect(median(found.map(({ halfWidth }) => halfWidth))).toBeGreaterThan(0.05);
  });

  test('pooled: within 5 % in 93 %, the interval covers in 92 %', () => {
    const pooled = all.filter(({ bar: kind }) => kind === 'pooled');
    expect(shareOf(pooled, near)).toBeGreaterThanOrEqual(bar(0.93, pooled.length));
    expect(shareOf(pooled, covers)).toBeGreaterThanOrEqual(bar(0.92, pooled.length));
  });

  test('none is doubted in more than 2 %: these targets recover, and do not change', () => {
    const doubted = all.filter(({ doubts }) => doubts.length > 0);
    expect(
      doubted.length,
      doubted
        .flatMap(({ doubts }) => doubts)
        .slice(0, 3)
        .join(' '),
    ).toBeLessThanOrEqual(0.02 * all.length);
  });

  afterAll(() => {
    if (FULL > 0)
      console.log(['| case | ≤ 5 % | ≤ 3 % | bias, sd | covers | half-width | seconds |', ...table].join('\n'));
  });
});
