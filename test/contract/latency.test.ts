import { Histogram } from '../../contract/histogram.ts';
import { aliasesOf, ofStep, selector } from '../../contract/selector.ts';
import { trendTotal } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { resolveSelector } from '../../contract/threshold-expression.ts';
import { expect, test } from 'vitest';

const nowhere = (): boolean => false;

test.each([
  ['poll_duration', { ...ofStep('poll') }],
  ['poll_duration{phase:steady}', { ...ofStep('poll'), phase: 'steady' }],
  ['step_duration', { expected_response: 'true', peer: 'pf' }],
  ['step_duration{phase:ramp,step:token}', { ...ofStep('token'), phase: 'ramp' }],
  ['step_duration{step:poll}', { ...ofStep('poll') }],
  ['step_duration{step:wait}', { ...ofStep('poll'), method: 'GET' }],
])('%s is short for requests that were answered as expected', (alias, tags) => {
  expect(resolveSelector(alias, nowhere)).toEqual({ metric: 'http_req_duration', tags });
});

test('a metric that is there under an alias is itself, and any other name stands for itself', () => {
  const has = (metric: string): boolean => metric === 'poll_duration';
  expect(resolveSelector('poll_duration{a:b}', has)).toEqual({ metric: 'poll_duration', tags: { a: 'b' } });
  expect(resolveSelector('decision_lag{a:b}', nowhere)).toEqual({ metric: 'decision_lag', tags: { a: 'b' } });
  expect(resolveSelector('constructor', nowhere)).toEqual({ metric: 'constructor', tags: {} });
});

test('the samples of a series can be asked for by its aliases: polls by two, a failed request or one of the device by none', () => {
  const named = (tags: Record<string, string>): string[] =>
    aliasesOf({ metric: 'http_req_duration', tags }).map(({ metric, tags: { step } }) => `${metric} ${step ?? ''}`);
  expect(named(ofStep('token'))).toEqual(['step_duration token']);
  expect(named(ofStep('poll'))).toEqual(['step_duration poll', 'poll_duration ']);
  expect(named({ ...ofStep('poll'), expected_response: 'false' })).toEqual([]);
  expect(named({ ...ofStep('poll'), peer: 'device' })).toEqual([]);
});

test('a record is asked by alias as by what it stands for; one from before answers by its own metric', () => {
  const polls = new Histogram();
  for (const ms of [10, 20, 30]) polls.record(ms);
  const shape = { type: 'trend', contains: 'time' } as const;
  const today = new SeriesTotals();
  today.add({
    recorded: [
      [{ ...shape, metric: 'http_req_duration', tags: { ...ofStep('poll'), method: 'POST' } }, trendTotal(polls)],
      [{ ...shape, metric: 'http_req_duration', tags: { ...ofStep('poll'), method: 'GET' } }, trendTotal(polls)],
      [{ ...shape, metric: 'http_req_duration', tags: ofStep('start') }, trendTotal(polls)],
    ],
  });
  const samples = (name: string): number | undefined => today.select(name)?.samples;
  expect(samples('poll_duration')).toBe(6);
  expect(samples(selector('http_req_duration', ofStep('poll')))).toBe(6);
  expect(samples('step_duration{step:wait}')).toBe(3);
  expect(samples('step_duration')).toBe(9);
  const before = new SeriesTotals();
  before.add({
    recorded: [
      [{ ...shape, metric: 'http_req_duration', tags: ofStep('poll') }, trendTotal(polls)],
      [{ ...shape, metric: 'http_req_duration', tags: ofStep('wait') }, trendTotal(polls)],
      [{ ...shape, metric: 'poll_duration', tags: {} }, trendTotal(polls)],
      [{ ...shape, metric: 'poll_duration', tags: {} }, trendTotal(polls)],
    ],
  });
  expect(before.select('poll_duration')?.samples).toBe(6);
});
