import { describe, expect, test } from 'vitest';
import { draw } from '../../../contract/draw.ts';
import { judgeLevel } from '../../../analysis/capacity/level.ts';
import type { LevelCounts, Look } from '../../../analysis/capacity/level.ts';
import { shareBounds } from '../../../analysis/capacity/share-bounds.ts';
import { QueueSimulation, USUAL } from './queue.ts';
import { countsAt, errorTerm, latencyTerm } from './simulated-search.ts';

const LOOK: Look = { warmUp: 12, seconds: 60, last: true, extended: false };
const SETTINGS = { confidence: 0.95, firstMedianMs: 20 };
const TERMS = [latencyTerm(95, 100), errorTerm(0.01)];

/** A level of a rate of 50 at which nothing happens, but for what a test changes. */
function quiet(
  changed: Partial<LevelCounts> = {},
  bad: (second: number) => number = () => 0,
  mean: (second: number) => number = () => 20,
): LevelCounts {
  const seconds = Array.from({ length: 140 }, (_, second) => second);
  const latency = seconds.map((second) => mean(second) + draw(8, second));
  const all = seconds.map(() => 300);
  return {
    terms: [
      { all, bad: seconds.map(bad), mean: latency },
      { all, bad: seconds.map(() => 0) },
    ],
    latency,
    logLatency: latency.map(Math.log),
    ...{ started: seconds.map(() => 50), ended: seconds.map(() => 50), dropped: 0 },
    ...changed,
  };
}

describe('a level', () => {
  test('that is far from the limit holds, and may end early', () => {
    const said = judgeLevel(quiet(), TERMS, 50, { ...LOOK, seconds: 15, last: false }, SETTINGS);
    expect(said).toMatchObject({ verdict: 'held', unstable: null, next: 'end', unsettled: false });
    expect(said.terms[0]).toMatchObject({ share: 0, clustering: 1, atLeast: false });
    // 200 where 5 % may be bad, and what tells as much where 1 % may.
    expect(said.terms.map(({ effective }) => Math.round(effective))).toEqual([200, 960]);
  });

  test('that is clearly bad ends early', () => {
    const said = judgeLevel(
      quiet({}, () => 120),
      TERMS,
      50,
      { ...LOOK, seconds: 15, last: false },
      SETTINGS,
    );
    expect(said).toMatchObject({ verdict: 'broke', next: 'end' });
    expect(said.terms[0]!.share).toBeCloseTo(0.4);
  });

  test('near the limit is undecided and goes on to its last look', () => {
    const clustered = (second: number): number => (second % 20 < 5 ? 55 : 0);
    const counts = quiet({}, clustered);
    expect(judgeLevel(counts, TERMS, 50, { ...LOOK, seconds: 30, last: false }, SETTINGS).next).toBe('go on');
    const said = judgeLevel(counts, TERMS, 50, LOOK, SETTINGS);
    expect(said).toMatchObject({ verdict: 'undecided', next: 'end' });
    expect(said.terms[0]!.clustering).toBeGreaterThan(10);
    const { bad, all, clustering, low, high } = said.terms[0]!;
    expect({ low, high }).toEqual(shareBounds(bad / clustering, all / clustering, 0.05));
  });

  test('whose latency grows broke, though few of its requests are slow yet', () => {
    const said = judgeLevel(
      quiet(
        {},
        () => 0,
        (second) => 20 + 1.5 * second,
      ),
      TERMS,
      50,
      LOOK,
      SETTINGS,
    );
    expect(said).toMatchObject({ verdict: 'broke', unstable: 'growing' });
    expect(said.terms[0]).toMatchObject({ share: 0.525, atLeast: true });
    expect(said.terms[1]).toMatchObject({ share: 0, atLeast: false });
  });

  test('that grows a little, within half of the limit, does not break for it', () => {
    const said = judgeLevel(
      quiet(
        {},
        () => 0,
        (second) => 20 + 0.2 * second,
      ),
      TERMS,
      50,
      LOOK,
      SETTINGS,
    );
    expect(said.unstable).toBeNull();
  });

  test('without a limit on a duration grows by the median of the first level', () => {
    const grown = quiet(
      {},
      () => 0,
      (second) => 20 + 1.5 * second,
    );
    const counts = { ...grown, terms: [grown.terms[1]!] };
    const said = judgeLevel(counts, [errorTerm(0.01)], 50, LOOK, SETTINGS);
    expect(said).toMatchObject({ verdict: 'broke', unstable: 'growing' });
    expect(said.terms[0]!.share).toBeGreaterThan(0.5);
    expect(judgeLevel(counts, [errorTerm(0.01)], 50, LOOK, { ...SETTINGS, firstMedianMs: 200 }).unstable).toBeNull();
  });

  test('in which flows pile up broke (Little), unless chance may have it so', () => {
    const ending = (perSecond: number): Partial<LevelCounts> => ({ ended: new Array<number>(140).fill(perSecond) });
    expect(judgeLevel(quiet(ending(40)), TERMS, 50, LOOK, SETTINGS).unstable).toBe('backlog');
    expect(judgeLevel(quiet(ending(48)), TERMS, 50, LOOK, SETTINGS).unstable).toBeNull();
    expect(judgeLevel(quiet({ dropped: 1 }), TERMS, 50, LOOK, SETTINGS).unstable).toBe('dropped');
  });

  test('that has not settled is made longer once, then counts half', () => {
    const late = (second: number): number => (second < 50 ? 90 - second : 20);
    const counts = quiet({}, () => 3, late);
    const said = judgeLevel(counts, TERMS, 50, LOOK, SETTINGS);
    expect(said).toMatchObject({ unsettled: true, next: 'extend' });
    const longer = judgeLevel(counts, TERMS, 50, { ...LOOK, seconds: 120, extended: true }, SETTINGS);
    expect(longer).toMatchObject({ unsettled: false, next: 'end', warmUp: 50 });
    const never = judgeLevel(counts, TERMS, 50, { ...LOOK, extended: true }, SETTINGS);
    expect(never).toMatchObject({ unsettled: true, next: 'end' });
    expect(never.terms[0]!.effective).toBe(said.terms[0]!.effective / 2);
  });

  test('without a sample of a term has nothing to say of it, and does not hold', () => {
    const counts = quiet();
    const none = {
      ...counts,
      terms: [counts.terms[0]!, { all: new Array<number>(140).fill(0), bad: new Array<number>(140).fill(0) }],
    };
    const said = judgeLevel(none, TERMS, 50, LOOK, SETTINGS);
    expect(said.verdict).toBe('undecided');
    expect(said.terms[1]).toMatchObject({ share: null, all: 0 });
  });
});

/** P(response > t) of M/M/c, first come first served (docs/methods.md). */
function slower(arrivals: number, serviceSeconds: number, workers: number, seconds: number): number {
  const load = arrivals * serviceSeconds;
  let term = 1;
  let sum = 0;
  for (let k = 0; k < workers; k++) {
    sum += term;
    term *= load / (k + 1);
  }
  const waits = (term * workers) / (workers - load) / (sum + (term * workers) / (workers - load));
  const spare = workers - 1 - load;
  return (
    Math.exp(-seconds / serviceSeconds) * (1 + (waits * (1 - Math.exp((-seconds / serviceSeconds) * spare))) / spare)
  );
}

describe('the simulation', () => {
  test('of exponential service agrees with the closed form although flows come back', () => {
    const queue = { ...USUAL, service: 'exponential' } as const;
    const rate = 52;
    const simulation = new QueueSimulation(queue, rate, 5);
    simulation.run(1_200);
    for (const limitMs of [40, 60, 100]) {
      const { all, bad } = countsAt(simulation, [latencyTerm(95, limitMs)], 1_200).terms[0]!;
      const share = bad.slice(60).reduce((sum, n) => sum + n, 0) / all.slice(60).reduce((sum, n) => sum + n, 0);
      expect(Math.abs(share / slower(rate * 6, 0.02, 8, limitMs / 1_000) - 1)).toBeLessThan(0.1);
    }
  });

  test('is the same for the same seed, in one go or in several', () => {
    const [once, often] = [new QueueSimulation(USUAL, 50, 3), new QueueSimulation(USUAL, 50, 3)];
    once.run(30);
    for (const until of [1, 7, 29, 30]) often.run(until);
    expect(often.latency).toEqual(once.latency);
    expect(new QueueSimulation(USUAL, 50, 4).latency).not.toEqual(once.latency);
  });

  test('overlooks no flow: what started and did not end is open', () => {
    const simulation = new QueueSimulation(USUAL, 50, 3);
    simulation.run(60);
    expect(simulation.flowStarts.length - simulation.flowEnds.length).toBeGreaterThan(100);
    expect(simulation.flowEnds.length).toBeGreaterThan(2_000);
  });
});
