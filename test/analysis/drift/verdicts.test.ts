import { expect, test } from 'vitest';
import { againstBase } from '../../../analysis/drift/base-night.ts';
import { binSeconds, binned, leastSkip } from '../../../analysis/drift/bins.ts';
import { judgeDrift } from '../../../analysis/drift/judge-drift.ts';
import type { Point, Series } from '../../../analysis/drift/series.ts';
import { medianOf, senSlope } from '../../../analysis/drift/trend-test.ts';
import { driftSentences, seriesSentence } from '../../../analysis/drift/words.ts';
import { noise } from '../made-noise.ts';
import { NOTHING, USUAL_NIGHT, latency, latencyOf, line, nightOf } from './made-nights.ts';

const EASY = { ...USUAL_NIGHT, phi: 0.5 };

/** A minute's points of eight hours. */
const minutes = (of: (hours: number) => number): Point[] =>
  Array.from({ length: 480 }, (_, i) => ({ t: 60 * (i + 0.5), y: of((i + 0.5) / 60) }));

test('Sen’s slope and the median are those of a sorted list', () => {
  const { normal } = noise(1);
  for (const n of [3, 4, 17, 60]) {
    const y = Float64Array.from({ length: n }, normal);
    const t = Float64Array.from(y, (_, i) => i);
    const sorted = y.toSorted();
    expect(medianOf(y.slice())).toBe((sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2);
    const slopes = [...t]
      .flatMap((i) => [...t].filter((j) => j > i).map((j) => (y[j]! - y[i]!) / (j - i)))
      .sort((a, b) => a - b);
    const middle = slopes.length >> 1;
    expect(senSlope(t, y)).toBeCloseTo(
      slopes.length % 2 === 1 ? slopes[middle]! : (slopes[middle - 1]! + slopes[middle]!) / 2,
      12,
    );
  }
});

test('bins are a minute of eight hours, never beyond five minutes, and scale with the drift clock', () => {
  expect(binSeconds(8 * 3600)).toBe(60);
  expect(binSeconds(20)).toBe(1);
  expect(binSeconds(100 * 3600)).toBe(300);
  expect(binSeconds(8 * 3600, 60)).toBe(60);
  expect(leastSkip(8 * 3600)).toBe(1440);
  expect(leastSkip(3600)).toBe(600);
  expect(
    binned(
      [0, 15, 30, 45, 61].map((t) => ({ t, y: t })),
      60,
    ),
  ).toEqual([
    { t: 30, y: 22.5 },
    { t: 90, y: 61 },
  ]);
});

test('a night in which one step gets slower names it, and says what would have been detected in the others', () => {
  const random = noise(3);
  const drift = judgeDrift(
    nightOf(EASY, [latency(random, EASY, NOTHING, 'p50(authenticate)'), latency(random, EASY, line(0.01))]),
  );
  expect(drift.verdict).toBe('drifts');
  expect(drift.series.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['p50(poll_duration)', 'drifts'],
    ['p50(authenticate)', 'steady'],
  ]);
  expect(drift.series[0]!.perHour).toBeCloseTo(0.01, 2);
  const sentences = driftSentences(drift);
  expect(sentences[0]).toMatch(
    /^drifts over 8 h: 1 of 2 series, above all p50\(poll_duration\) \(\+1\.\d % an hour\)$/,
  );
  expect(sentences[1]).toMatch(
    /^p50\(poll_duration\) drifts: \+1\.\d % an hour \(95 %: \+0\.\d+ % to \+1\.\d %\), \+\d\d % in 24 h$/,
  );
  expect(sentences[2]).toBe('one night: a drift may be due to the time of day; a second night settles it');
  expect(JSON.parse(JSON.stringify(drift))).toEqual(drift);
});

test('a step is told with its height and its time', () => {
  const drift = judgeDrift(nightOf(EASY, [latency(noise(4), EASY, (hours) => (hours > 3.2 ? 0.131 : 0))]));
  const [series] = drift.series;
  expect(series).toMatchObject({ verdict: 'not_known', reason: { code: 'jumped' }, shape: { kind: 'steps' } });
  expect(seriesSentence(drift, series!)).toMatch(
    /jumped by 1[345] % at 03:1\d \(03:\d\d to 03:\d\d\); it is level before and after: not known, it jumped/,
  );
});

test('a generator that gets slower makes latencies not known, and is not a drift of the target', () => {
  const random = noise(5);
  const lag = { ...latency(random, EASY, line(0.03), 'event loop p99'), kind: 'generator' as const };
  const drift = judgeDrift(nightOf(EASY, [latency(random, EASY, line(0.01)), lag]));
  expect(drift.verdict).toBe('not_known');
  expect(drift.series.find(({ kind }) => kind === 'latency')).toMatchObject({
    verdict: 'not_known',
    reason: { code: 'generator' },
  });
  expect(drift.notes).toContainEqual({ code: 'generator', names: ['event loop p99'] });
});

test('memory that grows under a saw is found on its floor', () => {
  const { normal } = noise(6);
  const saw = (hours: number): number => 0.15 * ((2 * ((hours * 60) % 4.7)) / 4.7 - 1);
  const memory: Series = {
    ...{ name: 'jvm_memory_used_bytes', kind: 'target', scale: 'ln', badWay: 'up', floorOf: 5 },
    points: minutes((hours) => 1e9 * Math.exp(0.01 * hours + saw(hours) + 0.01 * normal())),
  };
  expect(judgeDrift(nightOf(EASY, [memory])).series[0]).toMatchObject({ verdict: 'drifts' });
});

test('a share of outcomes that creeps from 0 to half a percent is found; one that stays 0 is steady', () => {
  const { binomial } = noise(7);
  const share = (of: (hours: number) => number): Series => ({
    ...{ name: 'pairing_error_rate', kind: 'share', scale: 'arcsine', badWay: 'up' },
    points: minutes((hours) => binomial(2400, of(hours)) / 2400).map((point) => ({ ...point, of: 2400 })),
  });
  const [creeps, none] = [(hours: number) => (0.005 * hours) / 8, () => 0].map(
    (of) => judgeDrift(nightOf(EASY, [share(of)])).series[0]!,
  );
  expect(creeps).toMatchObject({ verdict: 'drifts' });
  expect(creeps!.perHour).toBeGreaterThan(0.0003);
  expect(none).toMatchObject({ verdict: 'steady', scale: 'points', perHour: 0, p: 1 });
  expect(
    judgeDrift(nightOf(EASY, [latencyOf(EASY, new Array<number>(480).fill(0), NOTHING, 'flat')])).series[0],
  ).toMatchObject({ verdict: 'steady', p: 1 });
});

test('a share of few events is never steady because most bins have none', () => {
  const { binomial } = noise(13);
  const series = (perMinute: number, of: (hours: number) => number): Series => ({
    ...{ name: 'pairing_error_rate', kind: 'share', scale: 'arcsine', badWay: 'up' },
    points: minutes((hours) => binomial(perMinute, of(hours)) / perMinute).map((point) => ({
      ...point,
      of: perMinute,
    })),
  });
  const verdictOf = (perMinute: number, of: (hours: number) => number): string =>
    judgeDrift(nightOf(EASY, [series(perMinute, of)])).series[0]!.verdict;
  const creeps = (hours: number): number => (0.005 * hours) / 8;
  expect([60, 600].map((perMinute) => verdictOf(perMinute, creeps))).toEqual(['drifts', 'drifts']);
  expect(verdictOf(60, () => 0)).toBe('steady');
  expect(verdictOf(2, creeps)).toBe('not_known');
});

test('what cannot be judged says why, and what it would take', () => {
  const random = noise(8);
  const whole = latency(random, EASY, NOTHING);
  const series: Series[] = [
    { ...whole, name: 'short', points: whole.points.slice(0, 60).map((point) => ({ ...point, t: point.t * 8 })) },
    { ...whole, name: 'holes', points: whole.points.filter((_, i) => i % 40 < 20) },
    { ...whole, name: 'zeros', points: whole.points.map((point) => ({ ...point, y: 0 })) },
    { ...whole, name: 'empty', points: [] },
    latency(random, { ...EASY, phi: 0.99 }, NOTHING, 'slow'),
  ];
  const drift = judgeDrift(nightOf(EASY, series));
  expect(drift.verdict).toBe('not_known');
  const reasons = Object.fromEntries(drift.series.map(({ name, reason }) => [name, reason?.code]));
  expect(reasons).toEqual({
    short: 'few_points',
    holes: 'gaps',
    zeros: 'not_a_number',
    empty: 'few_points',
    slow: 'wanders',
  });
  const of = (name: string) => drift.series.find((one) => one.name === name)!;
  expect(of('short').hoursNeeded).toBeGreaterThan(8);
  expect(of('slow').hoursNeeded).toBeGreaterThan(16);
  for (const one of drift.series) expect(seriesSentence(drift, one)).toMatch(/not known, .+/);
  expect(judgeDrift(nightOf(EASY, [])).verdict).toBe('not_known');
  expect(judgeDrift({ ...nightOf(EASY, [whole]), seconds: 20 }).verdict).toBe('not_known');
});

test('two days: the hour of the day is taken out, and a drift is still found', () => {
  const night = { hours: 48, phi: 0.8, scatter: 0.03 };
  const day = (hours: number): number => 0.1 * Math.sin((2 * Math.PI * hours) / 24);
  const [calm, drifting] = [0, 0.01].map((slope) =>
    judgeDrift(nightOf(night, [latency(noise(9), night, (hours) => day(hours) + slope * hours)])),
  );
  expect(calm!.series[0]!.patterns[0]).toMatchObject({ kind: 'daily' });
  expect(calm!.series[0]!.verdict).not.toBe('drifts');
  expect(drifting!.verdict).toBe('drifts');
  expect(drifting!.notes).toEqual([]);
});

test('against another night, what both have at that hour is gone', () => {
  const rise = line(0.02);
  const [base, same, worse] = [10, 11, 12].map((seed, i) =>
    nightOf(EASY, [latency(noise(seed), EASY, (hours) => rise(hours) * (i === 2 ? 2 : 1))]),
  );
  expect(judgeDrift(same!).verdict).toBe('drifts');
  expect(judgeDrift(againstBase(same!, base!), undefined, true).verdict).not.toBe('drifts');
  expect(judgeDrift(againstBase(worse!, base!), undefined, true).verdict).toBe('drifts');
});
