import { expect, test } from 'vitest';
import { compareRuns } from '../../../analysis/comparison/compare-runs.ts';
import type { Comparison } from '../../../analysis/comparison/comparison.ts';
import { DEFAULT_SETTINGS } from '../../../analysis/comparison/comparison.ts';
import { USUAL, syntheticRun } from './synthetic-run.ts';
import type { SyntheticRun } from './synthetic-run.ts';

/**
 * Pairs of synthetic runs whose truth is known. `npm test` does a few; `npm run check:compare` the two hundred of the bar;
 * `npm run bench:compare` two hundred of each kind, and prints the table of docs/compare.md.
 */
const FULL = Number(process.env['COMPARE_PAIRS'] ?? 0);
const PAIRS = FULL || 24;
const TABLE = process.env['COMPARE_TABLE'] !== undefined;

/** What `npm test` has time for. */
const BRIEF: SyntheticRun = { ...USUAL, seconds: 150, rate: 12 };

/** With any difference, however small: the statistics without the help of the tolerance. */
const NO_TOLERANCE = { ...DEFAULT_SETTINGS, tolerance: 0, toleranceMs: 0, tolerancePoints: 0 };

/** What came of the pairs of one kind. */
interface Calibration {
  /** Pairs without a difference in which any metric was called worse or better, without and with the usual tolerance. */
  readonly calledAtAll: number;
  readonly called: number;
  /** Share of single intervals of 95 % that miss the truth, over all metrics, and of the metric that is missed most often. */
  readonly missed: number;
  readonly missedMost: number;
  /** Pairs with polls 10 % slower in which a poll metric was called worse; there are `planted` such pairs. */
  readonly found: number;
}

async function calibrate(pairs: number, how: SyntheticRun, runs = 1, planted = pairs): Promise<Calibration> {
  const single = new Map<string, number>();
  let [calledAtAll, called, found, compared] = [0, 0, 0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    // Whoever runs the tests wants to hear from them now and then.
    await new Promise((resolve) => setImmediate(resolve));
    const side = (nth: number, pollFactor: number): ReturnType<typeof syntheticRun>[] =>
      Array.from({ length: runs }, (_, run) =>
        syntheticRun({ ...how, pollFactor, seed: 10_000 + 100 * pair + 10 * nth + run }),
      );
    const [base, same] = [side(0, 1), side(1, 1)];
    const strict = compareRuns(base, same, NO_TOLERANCE, false);
    for (const { name, difference } of strict.metrics) {
      if (difference === null) continue;
      compared++;
      single.set(name, (single.get(name) ?? 0) + (difference.p < 0.05 ? 1 : 0));
    }
    if (calls(strict).length > 0) calledAtAll++;
    if (calls(compareRuns(base, same, DEFAULT_SETTINGS, false)).length > 0) called++;
    if (pair >= planted) continue;
    const worse = calls(compareRuns(base, side(2, 1.1), DEFAULT_SETTINGS, false)).filter(
      ({ verdict }) => verdict === 'worse',
    );
    if (worse.some(({ metric }) => metric === 'poll_duration')) found++;
  }
  const misses = [...single.values()];
  return {
    ...{ calledAtAll, called, found },
    missed: misses.reduce((sum, count) => sum + count, 0) / compared,
    missedMost: Math.max(...misses) / pairs,
  };
}

function calls({ metrics }: Comparison): Comparison['metrics'] {
  return metrics.filter(({ verdict }) => verdict === 'worse' || verdict === 'better');
}

/** The largest count that a chance of p has with probability 0.999 or more in n trials: the exact binomial bound. */
function boundOf(n: number, p: number): number {
  let probability = (1 - p) ** n;
  let below = probability;
  let count = 0;
  while (below < 0.999) {
    count++;
    probability *= ((n - count + 1) / count) * (p / (1 - p));
    below += probability;
  }
  return count;
}

test(
  'runs that do not differ are called worse or better in at most 5 % of pairs; polls 10 % slower are found in at least 80 %',
  { timeout: 600_000 },
  async () => {
    const planted = FULL || 12;
    const { called, calledAtAll, missed, found } = await calibrate(PAIRS, FULL ? USUAL : BRIEF, 1, planted);
    // Of two hundred at most 5 % as they are; of a few at most what chance makes of 5 %.
    const most = FULL ? 0.05 * PAIRS : boundOf(PAIRS, 0.05);
    expect(calledAtAll).toBeLessThanOrEqual(most);
    expect(called).toBeLessThanOrEqual(most);
    expect(missed).toBeLessThan(0.07);
    expect(found).toBeGreaterThanOrEqual(0.8 * planted);
  },
);

test.runIf(TABLE)(
  'the same for other lengths, dependence, and runs that differ among themselves',
  { timeout: 3_600_000 },
  async () => {
    const rows = [
      '| seconds | runs a side | ρ | between runs | called, any size | called, 5 % | intervals that miss | metric missed most | found |',
    ];
    rows.push('|--:|--:|--:|--:|--:|--:|--:|--:|--:|');
    const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
    const row = async (how: Partial<SyntheticRun>, runs: number): Promise<Calibration> => {
      const whole = { ...USUAL, ...how };
      const { calledAtAll, called, missed, missedMost, found } = await calibrate(PAIRS, whole, runs);
      const cells = [
        percent(calledAtAll / PAIRS),
        percent(called / PAIRS),
        percent(missed),
        percent(missedMost),
        percent(found / PAIRS),
      ];
      rows.push(`| ${[whole.seconds, runs, whole.rho, percent(whole.runScatter), ...cells].join(' | ')} |`);
      return { calledAtAll, called, missed, missedMost, found };
    };
    const bound = boundOf(PAIRS, 0.05);
    for (const rho of [0, 0.5, 0.9]) expect((await row({ rho }, 1)).calledAtAll).toBeLessThanOrEqual(bound);
    for (const rho of [0, 0.5]) expect((await row({ rho, seconds: 60 }, 1)).calledAtAll).toBeLessThanOrEqual(bound);
    await row({ rho: 0.9, seconds: 60 }, 1);
    await row({ runScatter: 0.02 }, 1);
    await row({ seconds: 60, runScatter: 0.02 }, 1);
    for (const runs of [2, 3, 5]) await row({ seconds: 60, runScatter: 0.02 }, runs);
    process.stdout.write(`\n${PAIRS} pairs of each kind\n\n${rows.join('\n')}\n`);
  },
);
