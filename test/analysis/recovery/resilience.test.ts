import { describe, expect, test } from 'vitest';
import { RecoveryCollector } from '../../../analysis/recovery/collect.ts';
import { judgeResilience } from '../../../analysis/recovery/resilience.ts';
import type { FaultJudged } from '../../../analysis/recovery/resilience.ts';
import { Histogram } from '../../../contract/histogram.ts';
import { trendTotal } from '../../../contract/series-counts.ts';
import type { Interval, SeriesName, SeriesTotal } from '../../../contract/series-counts.ts';
import { noise } from '../made-noise.ts';

const START = Date.parse('2026-01-31T12:00:00.000Z');
const RULES = { hypotheses: [], strict: false, objective: 0.999 };

interface Made {
  /** Seconds since the start at which the fault was confirmed, and at which it was really over. */
  readonly begin?: number;
  readonly end?: number;
  readonly over: number;
  readonly intervalMs?: number;
  readonly seed?: number;
  /** The steady part before begins here. */
  readonly ramp?: number;
  readonly edges?: boolean;
  readonly objective?: number;
}

/** A run of 100 s, the fault's effect in whatever share of each interval it covers. */
function made({
  begin = 40,
  end = 50,
  over,
  intervalMs = 1_000,
  seed = 1,
  ramp = 0,
  edges = true,
  objective = RULES.objective,
}: Made): FaultJudged[] {
  const { binomial } = noise(seed);
  const collector = new RecoveryCollector({ startedAt: new Date(START).toISOString(), intervalMs });
  const seconds = intervalMs / 1_000;
  for (let index = 0; index * seconds < 100; index++) {
    const [from, to] = [index * seconds, (index + 1) * seconds];
    const covered = Math.max(0, Math.min(to, over) - Math.max(from, begin)) / seconds;
    const phase = from < ramp ? 'ramp' : from < 40 || from >= 80 ? 'steady' : from < 50 ? 'fault' : 'recovery';
    const requests = Math.round(90 * seconds);
    const flows = Math.max(1, Math.round(15 * seconds));
    const latencies = new Histogram();
    for (let n = 0; n < requests; n++) latencies.record(100 + (n % 10));
    const recorded: [SeriesName, SeriesTotal][] = [];
    const add = (metric: string, type: SeriesName['type'], tags: SeriesName['tags'], total: SeriesTotal): void =>
      void recorded.push([{ metric, type, contains: 'default', tags }, total]);
    const share = (n: number): number => binomial(n, 0.3 * covered);
    add('http_req_failed', 'rate', { peer: 'pf', phase }, { samples: requests, passes: share(requests) });
    add('http_req_failed', 'rate', { peer: 'device', phase: 'steady' }, { samples: 5, passes: 5 });
    add('http_req_duration', 'trend', { peer: 'pf', phase, status: '200' }, trendTotal(latencies));
    add('flows', 'counter', { kind: 'F1' }, { samples: flows, sum: flows });
    add('flow_outcomes', 'counter', { kind: 'F1' }, { samples: flows, sum: flows });
    add('outcome_mismatch', 'rate', { kind: 'F1' }, { samples: flows, passes: share(flows) });
    for (const [edge, at] of [
      ['start', begin],
      ['end', end],
    ] as const) {
      if (!edges || Math.floor(at / seconds) !== index) continue;
      const value = START + 1_000 * at;
      add('fault_edge_ms', 'gauge', { fault: 'slow', edge }, { samples: 1, value, min: value, max: value, at: value });
    }
    collector.add({ index, recorded } satisfies Interval);
  }
  return [...judgeResilience(collector.finish(), { ...RULES, objective }, { settings: { FAULT_SHARE: '0.3' } }).faults];
}

describe('the recovery of a fault that ends within a second', () => {
  test.each([50, 50.3, 50.5, 50.8])('ended at %d s, over 4 s later', (end) => {
    const { recovery } = made({ end, over: end + 4 })[0]!.effects!;
    expect(recovery.low).toBeLessThanOrEqual(4);
    expect(recovery.high).toBeGreaterThanOrEqual(4);
    expect(recovery.high! - recovery.low!).toBeLessThan(5);
  });

  test.each([50, 50.4, 50.6])('ended at %d s, over at once', (end) => {
    const { recovery } = made({ end, over: end })[0]!.effects!;
    expect(recovery.low).toBeLessThan(0.7);
    // Of 15 flows a second it takes some to know.
    expect(recovery.high).toBeLessThan(9);
  });

  test('does not spoil what was usual before: the second in which it began is left out', () => {
    expect(made({ begin: 39.4, over: 52 })[0]!.effects!.sickBefore).toEqual([]);
  });
});

test('intervals of a fraction of a second are added up, and longer ones are too coarse', () => {
  const { recovery } = made({ over: 56, intervalMs: 250 })[0]!.effects!;
  expect(recovery.low).toBeLessThanOrEqual(6);
  expect(recovery.high).toBeGreaterThanOrEqual(6);
  expect(made({ over: 56, intervalMs: 2_000 })[0]!).toMatchObject({
    effects: null,
    unjudged: { code: 'coarse', seconds: 2 },
    cases: Array.from({ length: 5 }, () => expect.objectContaining({ outcome: 'not_known' }) as unknown),
  });
});

test('a steady part of a few seconds shows nothing', () => {
  expect(made({ over: 52, ramp: 36 })[0]!.unjudged).toMatchObject({ code: 'short_steady' });
});

test('without confirmed moments there is no fault', () => {
  expect(made({ over: 52, edges: false })).toEqual([]);
});

test('an objective of 1, which a foreign record may have, leaves next to no budget, and figures stay figures', () => {
  const { burnRate } = made({ over: 52, objective: 1 })[0]!.effects!.budget;
  expect(burnRate).toBeGreaterThan(1_000);
  expect(burnRate).toBeLessThan(Infinity);
});
