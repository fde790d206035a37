import { figuresOfSummary } from '../../contract/figures.ts';
import type { SummaryData } from '../../contract/figures.ts';
import { thresholdLines } from '../../lib/summary/thresholds.ts';
import { expect, test } from 'vitest';

test('steps that hold are one row with the slowest of them, a step that does not has its own, and it is the first', () => {
  const step = (name: string, p95: number, count = 1): SummaryData['metrics'] => ({
    [`step_duration{phase:steady,step:${name}}`]: {
      type: 'trend',
      contains: 'time',
      values: { 'p(95)': p95, count },
      thresholds: { 'p(95)<1000': { ok: p95 < 1000 } },
    },
  });
  const data: SummaryData = {
    root_group: null,
    options: { summaryTrendStats: ['p(95)'], summaryTimeUnit: 'ms' },
    state: { testRunDurationMs: 1000 },
    metrics: {
      ...step('selectDevice', 0, 0),
      ...step('start', 90),
      ...step('poll', 1200.5),
      ...step('token', 110.25),
      ...step('checkOtp', 100),
    },
  };
  expect(thresholdLines(figuresOfSummary(data))).toEqual([
    '    ✗ step_duration{phase:steady,step:poll}   p(95)<1000    1.20 s',
    '    ✓ step_duration{phase:steady}, each step  p(95)<1000  ≤ 110 ms',
  ]);
});

test('the rate of a Counter is per second, that of a Rate a share', () => {
  const held = { 'rate>0.1': { ok: true } };
  const data: SummaryData = {
    root_group: null,
    options: { summaryTrendStats: ['p(95)'], summaryTimeUnit: 'ms' },
    state: { testRunDurationMs: 4000 },
    metrics: {
      flows: { type: 'counter', contains: 'default', values: { count: 2, rate: 0.5 }, thresholds: held },
      paired: { type: 'rate', contains: 'default', values: { rate: 0.5, passes: 1, fails: 1 }, thresholds: held },
    },
  };
  expect(thresholdLines(figuresOfSummary(data))).toEqual([
    '    ✓ flows   rate>0.1  0.50/s',
    '    ✓ paired  rate>0.1  50.0 %',
  ]);
});

test('where nothing was measured there is no value', () => {
  const decisionLag: SummaryData['metrics'][string] = {
    type: 'trend',
    contains: 'time',
    values: { 'p(95)': 0, count: 0 },
    thresholds: { 'p(95)<1000': { ok: true } },
  };
  const data: SummaryData = {
    root_group: null,
    options: { summaryTrendStats: ['p(95)', 'count'], summaryTimeUnit: 'ms' },
    state: { testRunDurationMs: 1000 },
    metrics: { decision_lag: decisionLag },
  };
  expect(thresholdLines(figuresOfSummary(data))).toEqual(['    – decision_lag  p(95)<1000  no sample']);
});
