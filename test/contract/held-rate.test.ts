import { describe, expect, test } from 'vitest';
import type { SummaryData } from '../../contract/figures.ts';
import { heldRate, levelsOf } from '../../contract/held-rate.ts';

const levels = levelsOf({ startRate: 10, stepRate: 5, maxRate: 20, stepMs: 1000 });

/** A summary of a search that came to so many levels; `broken`: thresholds that failed. */
function searched(tried: number, broken: readonly string[], ranMs: number): SummaryData {
  const metric = (count: number, ok: boolean) => ({
    type: 'counter' as const,
    contains: 'default' as const,
    values: { count },
    thresholds: { 'rate<0.01': { ok } },
  });
  const metrics = levels.flatMap(({ level }, at) => [
    [`flows{level:${level}}`, metric(at < tried ? 5 : 0, true)] as const,
    [`http_req_failed{peer:pf,level:${level}}`, metric(0, !broken.includes(level))] as const,
  ]);
  return {
    root_group: {},
    options: { summaryTrendStats: [], summaryTimeUnit: '' },
    state: { testRunDurationMs: ranMs },
    metrics: Object.fromEntries(metrics),
  };
}

describe('the rate that held', () => {
  test('the levels go from the first rate by the step to the last that fits', () => {
    expect(levels).toEqual([
      { level: '01', rate: 10, endMs: 1000 },
      { level: '02', rate: 15, endMs: 2000 },
      { level: '03', rate: 20, endMs: 3000 },
    ]);
    expect(levelsOf({ startRate: 0.1, stepRate: 0.1, maxRate: 0.3, stepMs: 1 }).map(({ rate }) => rate)).toEqual([
      0.1, 0.2, 0.3,
    ]);
  });

  test('is the last one before the level at which a threshold broke', () => {
    expect(heldRate(searched(2, ['02'], 1700), levels)).toEqual({
      held: levels[0],
      broke: levels[1],
      broken: ['http_req_failed{peer:pf,level:02} rate<0.01'],
    });
  });

  test('is none where the first level broke', () => {
    expect(heldRate(searched(1, ['01'], 700), levels)).toMatchObject({ held: undefined, broke: levels[0] });
  });

  test('is the highest where nothing broke', () => {
    expect(heldRate(searched(3, [], 3100), levels)).toEqual({ held: levels[2], broke: undefined, broken: [] });
  });

  test('is not one whose time was not over', () => {
    expect(heldRate(searched(3, [], 2900), levels)).toEqual({ held: levels[1], broke: levels[2], broken: [] });
  });
});
