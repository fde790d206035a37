import { describe, expect, test } from 'vitest';
import { parseObjective } from '../../../analysis/capacity/objective.ts';
import type { KnownMetric } from '../../../analysis/capacity/objective.ts';

const METRICS = new Map<string, KnownMetric>([
  ['http_req_duration', { type: 'trend', contains: 'time' }],
  ['poll_duration', { type: 'trend', contains: 'time' }],
  ['polls_per_flow', { type: 'trend', contains: 'default' }],
  ['http_req_failed', { type: 'rate', contains: 'default' }],
  ['outcome_mismatch', { type: 'rate', contains: 'default' }],
  ['pairing_error_rate', { type: 'rate', contains: 'default' }],
  ['flows', { type: 'counter', contains: 'default' }],
  ['vus', { type: 'gauge', contains: 'default' }],
]);
const parse = (text?: string): ReturnType<typeof parseObjective> =>
  parseObjective(text, METRICS, { maxErrorRate: 0.01, p95Ms: 500 });

describe('an objective', () => {
  test('is read into shares that may be bad; the failure rate of flows always belongs to it', () => {
    const terms = parse('p95(poll_duration)<300ms && error_rate<0.1% && pairing_error_rate<0.5%');
    expect(
      terms.map(({ name, selector, limit, allowed, shownLimit }) => [name, selector, limit, allowed, shownLimit]),
    ).toEqual([
      ['p95(poll_duration)', 'poll_duration', 300, 0.05, '300 ms'],
      ['error_rate', 'http_req_failed{peer:pf}', null, 0.001, '0.1 %'],
      ['pairing_error_rate', 'pairing_error_rate', null, 0.005, '0.5 %'],
      ['flow_failure_rate', 'outcome_mismatch', null, 0.01, '1 %'],
    ]);
  });

  test('without a text is the 95th percentile of requests to PingFederate and their error rate', () => {
    expect(parse().map(({ text }) => text)).toEqual([
      'p95(http_req_duration{peer:pf})<500ms',
      'error_rate<1%',
      'flow_failure_rate<1%',
    ]);
  });

  test('may be written in several ways', () => {
    const first = (text: string): unknown => {
      const { limit, allowed, selector } = parse(text)[0]!;
      return [selector, limit, allowed];
    };
    expect(first('p(95)(poll_duration) <= 0.3s')).toEqual(['poll_duration', 300, 0.05]);
    expect(first('p99.9( http_req_duration{peer:pf,step:poll} ) < 2 s')).toEqual([
      'http_req_duration{peer:pf,step:poll}',
      2_000,
      0.001,
    ]);
    expect(first('median(poll_duration)<200')).toEqual(['poll_duration', 200, 0.5]);
    expect(first('med(polls_per_flow)<4')).toEqual(['polls_per_flow', 4, 0.5]);
    expect(first('rate(http_req_failed{peer:pf})<0.02')).toEqual(['http_req_failed{peer:pf}', null, 0.02]);
    expect(parse('p95(poll_duration)<1s,error_rate<1%')).toHaveLength(3);
  });

  test('a limit on the failure rate of flows of its own is kept, however it is written', () => {
    expect(parse('flow_failure_rate<5%').map(({ allowed }) => allowed)).toEqual([0.05]);
    expect(parse('rate(outcome_mismatch)<5%').map(({ allowed }) => allowed)).toEqual([0.05]);
  });

  test.each([
    ['avg(poll_duration)<300ms', 'an average is not a share of requests; use p(95)'],
    ['max(poll_duration)<300ms', 'a maximum is not a share'],
    ['count(flows)<300', 'a count is not a share'],
    ['value(vus)<300', 'a gauge has no samples of requests'],
    ['p95(pol_duration)<300ms', 'there is no metric pol_duration (did you mean poll_duration?)'],
    ['p95(flows)<3', 'p(95) does not fit a counter; flows has no statistic that is a share'],
    ['rate(poll_duration)<3', 'rate does not fit a trend; poll_duration has p(N) and med'],
    ['eror_rate<1%', 'did you mean error_rate?'],
    ['p95 poll_duration<300ms', 'did you mean p95(poll_duration)?'],
    ['foo(poll_duration)<1', 'foo is not a statistic; an objective takes p(N), med or rate'],
    ['p95(poll_duration)>300ms', 'an objective is an upper limit: write < or <=, not >'],
    ['p95(poll_duration)', 'is not of the form statistic(metric)<limit'],
    ['p95(poll_duration)<5%', 'a duration is in ms or s: write 300ms or 0.3s'],
    ['error_rate<5ms', 'a rate is a share: write 0.1% or 0.001'],
    ['med(polls_per_flow)<4ms', 'this metric has no unit: write just the number'],
    ['error_rate<0', 'no number of requests can prove that none fails'],
    ['error_rate<100%', 'a share of 100 % or more allows everything'],
    ['p100(poll_duration)<300ms', 'N of p(N) lies between 0 and 100'],
    ['p0(poll_duration)<300ms', 'N of p(N) lies between 0 and 100'],
    ['p95(poll_duration)<0ms', 'the limit must be greater than 0'],
    ['error_rate<1% && rate(http_req_failed{peer:pf})<2%', 'has two limits; keep the stricter one'],
    ['error_rate<1% &&', 'a term is missing'],
    ['', 'a term is missing'],
  ])('%s is refused', (text, why) => {
    expect(() => parse(text)).toThrow(why);
  });
});
