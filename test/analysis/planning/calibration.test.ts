import { afterAll, describe, expect, test } from 'vitest';
import { uniformNumbers } from '../../../contract/draw.ts';
import { planNodes } from '../../../analysis/planning/plan.ts';
import { EXTRAPOLATED, scalingOf } from '../../../analysis/planning/scaling.ts';
import { ConfigurationError } from '../../../contract/configuration-error.ts';
import { measuredCluster, taken } from './clusters.ts';
import type { Cluster } from './clusters.ts';

/**
 * Plans for simulated clusters whose law is known, from answers that are off as their intervals say. `npm test` does a
 * tenth; `npm run check:planning` sixty a case, with the table that docs/methods.md has.
 */
const FULL = Number(process.env['PLANNED_CLUSTERS'] ?? 0);
const PLANS = FULL || 6;

const LAWS: readonly Omit<Cluster, 'perNode'>[] = [
  { contention: 0, coherency: 0 },
  { contention: 0.02, coherency: 0 },
  { contention: 0.05, coherency: 0 },
  { contention: 0.02, coherency: 0.002 },
  { contention: 0.05, coherency: 0.005 },
];
const MEASURED: readonly (readonly number[])[] = [
  [1, 2, 4, 6],
  [1, 2, 3, 4],
];
const CASES = MEASURED.flatMap((nodes) => LAWS.map((law) => ({ nodes, ...law })));

interface Tally {
  plans: number;
  enough: number;
  right: number;
  exact: number;
  refused: number;
  covered: number;
  asked: number;
}

const share = (part: number, of: number): number => (of === 0 ? 1 : part / of);
/** What sixty a case have to reach; of few, what chance leaves of it. */
const bar = (value: number, of: number): number =>
  FULL >= 60 ? value : value - 3.3 * Math.sqrt((value * (1 - value)) / Math.max(1, of));

describe(`${PLANS} plans a case`, { timeout: 300_000 }, () => {
  const all: Tally = { plans: 0, enough: 0, right: 0, exact: 0, refused: 0, covered: 0, asked: 0 };
  const table: string[] = [];

  test.each(CASES.map((one, at) => ({ ...one, at })))(
    '$nodes, α $contention, β $coherency',
    async ({ nodes, at, ...law }) => {
      const cluster: Cluster = { perNode: 50, ...law };
      const tally: Tally = { plans: 0, enough: 0, right: 0, exact: 0, refused: 0, covered: 0, asked: 0 };
      const most = EXTRAPOLATED * nodes.at(-1)!;
      for (let seed = 0; seed < PLANS; seed++) {
        // Whoever runs the tests wants to hear from them now and then.
        await new Promise((resolve) => setImmediate(resolve));
        const answers = measuredCluster(cluster, nodes, { seed: 1_000 * at + seed });
        const found = scalingOf(answers as Parameters<typeof scalingOf>[0], 0.95)!;
        for (const n of [Math.floor(0.75 * most), most]) {
          const { low, high } = found.at(n);
          tally.asked++;
          if (low <= taken(cluster, n) && taken(cluster, n) <= high) tally.covered++;
        }
        // A peak that some number of nodes up to twice those measured takes.
        const peak = 0.8 * 0.999 * taken(cluster, 1 + uniformNumbers(1_000 * at + seed)() * (most - 1));
        const isEnough = (n: number): boolean => n > 1 && 0.8 * taken(cluster, n - 1) >= peak;
        try {
          const question = {
            ...{ peakHour: peak * 3_600, peakToMean: 1, growth: 0, headroom: 0.2, nodesMayFail: 1 },
            ...{ pairingShare: null, connectionsPerUser: 1 },
          };
          const planned = planNodes(answers, question, 0.95).nodes!;
          tally.plans++;
          if (isEnough(planned)) tally.enough++;
          if (isEnough(planned) && !isEnough(planned - 2)) tally.right++;
          if (isEnough(planned) && !isEnough(planned - 1)) tally.exact++;
        } catch (error) {
          if (!(error instanceof ConfigurationError)) throw error;
          tally.refused++;
        }
      }
      for (const key of Object.keys(all) as (keyof Tally)[]) all[key] += tally[key];
      const percent = (part: number, of: number): string => (100 * share(part, of)).toFixed(0);
      table.push(
        `| ${nodes.join(', ')} | ${law.contention} | ${law.coherency} | ${percent(tally.covered, tally.asked)} | ${percent(tally.enough, tally.plans)} | ` +
          `${percent(tally.right, tally.plans)} | ${percent(tally.exact, tally.plans)} | ${percent(tally.refused, PLANS)} |`,
      );
      expect(share(tally.covered, tally.asked)).toBeGreaterThanOrEqual(bar(0.85, tally.asked));
    },
  );

  test('the nodes are right in 90 % of the plans, the intervals beyond the answers cover in 90 %', () => {
    expect(share(all.right, all.plans)).toBeGreaterThanOrEqual(bar(0.9, all.plans));
    expect(share(all.enough, all.plans)).toBeGreaterThanOrEqual(bar(0.97, all.plans));
    expect(share(all.covered, all.asked)).toBeGreaterThanOrEqual(bar(0.9, all.asked));
  });

  afterAll(() => {
    if (FULL > 0)
      console.log(
        ['| answers at | α | β | covers | enough | right | exact | refused |', ...table, JSON.stringify(all)].join(
          '\n',
        ),
      );
  });
});
