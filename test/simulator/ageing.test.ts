import { expect, test } from 'vitest';
import { Ageing } from '../../simulator/ageing.ts';
import { resolveSettings } from '../../simulator/settings.ts';

const HOUR = 3_600_000;

/** A deployment of some age, in hours of real time. */
function aged(given: Parameters<typeof resolveSettings>[0]) {
  let now = 1_000;
  const ageing = new Ageing(resolveSettings(given), () => now);
  return { ageing, pass: (hours: number) => void (now += hours * HOUR) };
}

test('service times of one step grow by a percentage an hour, and those of the others do not', () => {
  const { ageing, pass } = aged({ latencyDrift: 1, latencyDriftStep: 'token' });
  pass(8.5);
  expect([ageing.slowdown('token'), ageing.slowdown('poll')]).toEqual([expect.closeTo(1.01 ** 8.5, 9), 1]);
});

test('by the drift clock a minute is an hour', () => {
  const { ageing, pass } = aged({ latencyDrift: 1, driftClock: 60 });
  pass(8 / 60);
  expect(ageing.slowdown('poll')).toBeCloseTo(1.01 ** 8, 9);
});

test('the hourly job takes ten minutes', () => {
  const { ageing, pass } = aged({ hourlyJob: 50 });
  const seen = Array.from({ length: 12 }, () => {
    const now = ageing.slowdown('poll');
    pass(1 / 12);
    return now;
  });
  expect(seen).toEqual([1.5, 1.5, ...Array<number>(10).fill(1)]);
});

test('memory leaks below a saw: its floor grows as told', () => {
  const { ageing, pass } = aged({ memoryLeak: 2 });
  const seen = Array.from({ length: 8 * 60 }, () => {
    const now = ageing.memoryBytes();
    pass(1 / 60);
    return now;
  });
  const floor = (from: number) => Math.min(...seen.slice(from * 60, (from + 1) * 60));
  expect(floor(7) / floor(0)).toBeCloseTo(1.02 ** 7, 1);
  expect(Math.max(...seen.slice(0, 60)) / seen[0]!).toBeGreaterThan(1.2);
});

test('a share of pairings fails that grows by points an hour', () => {
  const { ageing, pass } = aged({ pairingErrorCreep: 1 });
  const share = () => Array.from({ length: 20_000 }, () => ageing.spoilsPairing()).filter(Boolean).length / 20_000;
  expect(share()).toBe(0);
  pass(8);
  expect(share()).toBeCloseTo(0.08, 2);
});
