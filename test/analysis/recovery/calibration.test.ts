import { expect, test } from 'vitest';
import { countedSeconds, timeBack } from '../../../analysis/recovery/return.ts';
import { noise } from '../made-noise.ts';

/**
 * Made recoveries whose truth is known. `npm test` does a few; `npm run check:recovery` those of the bar, and prints the table of
 * docs/methods-drift.md.
 */
const FULL = Number(process.env['RECOVERY_RUNS'] ?? 0);
const RUNS = FULL || 5;
const [USUAL, WORST, DELTA] = [0.002, 0.3, 0.01];
const LONG = 60;

const TRUTHS = [
  { name: 'step at 8 s', share: (t: number) => (t < 8 ? WORST : USUAL), over: 8 },
  { name: 'step at 20 s', share: (t: number) => (t < 20 ? WORST : USUAL), over: 20 },
  ...[4, 8].map((tau) => ({
    name: `decay of ${tau} s`,
    share: (t: number) => USUAL + (WORST - USUAL) * Math.exp(-t / tau),
    over: tau * Math.log((WORST - USUAL) / DELTA),
  })),
];

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!;

test('intervals of recovery hold the planted time', { timeout: 3_600_000 }, async () => {
  const rows: { readonly held: number; readonly line: string }[] = [];
  for (const [i, { name, share, over }] of TRUTHS.entries()) {
    for (const rate of FULL > 0 ? [30, 90, 300] : [30 * 3 ** (i % 2)]) {
      // Whoever runs the tests wants to hear from them now and then.
      await new Promise((resolve) => setImmediate(resolve));
      const { binomial } = noise(1_000 * i + rate);
      const found = Array.from({ length: RUNS }, () => {
        const trials = new Array<number>(LONG).fill(rate);
        const events = trials.map((n, t) => binomial(n, share(t + 0.5)));
        const before = (binomial(30 * rate, USUAL) + 0.5) / (30 * rate + 1);
        const error = Math.sqrt((before * (1 - before)) / (30 * rate));
        return timeBack(countedSeconds(events, trials, 1), { level: before, error }, DELTA);
      });
      const held = found.filter(({ low, high }) => (low ?? LONG) <= over && over <= (high ?? Infinity)).length;
      const told = (of: 'seconds' | 'low' | 'high'): string => median(found.map((back) => back[of] ?? LONG)).toFixed(1);
      rows.push({
        held,
        line: `${name}, ${rate}/s: ${over.toFixed(1)} s, read ${told('seconds')} (${told('low')}–${told('high')}), held ${held} of ${RUNS}`,
      });
    }
  }
  if (FULL > 0) console.log(rows.map(({ line }) => line).join('\n'));
  // Of a few as many as chance makes of 88 % with 0.999.
  for (const { held, line } of rows) expect(held, line).toBeGreaterThanOrEqual(FULL > 0 ? 0.88 * RUNS : 2);
  const pooled = rows.reduce((sum, { held }) => sum + held, 0) / (rows.length * RUNS);
  expect(pooled).toBeGreaterThanOrEqual(FULL > 0 ? 0.92 : 0.75);
});
