import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InventoryUser } from '../../contract/inventory.ts';
import { parseDuration } from '../../contract/duration.ts';
import { openModel, sharedFlows } from '../../lib/load-model.ts';
import { factsOf } from '../../lib/population/human-duration.ts';
import { readSettings } from '../../lib/settings.ts';
import { makeInventory } from '../../population/inventory.ts';

const facts = { users: 1_000_000, meanHumanMs: 4000, longestHumanMs: 35_000, longestFlowMs: 35_000 };
const drawn = (env: Record<string, string>) => openModel(readSettings(env, 'load'), facts);
const load = (env: Record<string, string>) => drawn({ ARRIVALS: 'even', ...env });

describe('the open model', () => {
  test('ramps to the rate, then stays there, each phase under its own tag', () => {
    const { scenarios, planned } = load({ RATE: '20', RAMP: '10s', DURATION: '30s' });
    expect(scenarios).toMatchObject({
      ramp: {
        executor: 'ramping-arrival-rate',
        startRate: 0,
        stages: [{ target: 20, duration: '10s' }],
        tags: { phase: 'ramp' },
      },
      steady: {
        executor: 'constant-arrival-rate',
        rate: 20,
        timeUnit: '1s',
        startTime: '10s',
        tags: { phase: 'steady' },
      },
    });
    expect(planned).toEqual({ ramp: 100, steady: 600 });
  });

  test('without a ramp there is one phase', () => {
    expect(Object.keys(load({ RAMP: '0s' }).scenarios)).toEqual(['steady']);
  });

  test('a fraction of a flow per second is carried by the time unit: k6 takes whole rates', () => {
    expect(load({ RATE: '0.25', RAMP: '0s' }).scenarios['steady']).toMatchObject({ rate: 25, timeUnit: '100s' });
  });

  test('plans at least as many virtual users as Little’s law asks for', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (rate) => {
        const steady = load({ RATE: String(rate), RAMP: '0s' }).scenarios['steady'] as {
          preAllocatedVUs: number;
          maxVUs: number;
        };
        expect(steady.preAllocatedVUs).toBeGreaterThanOrEqual(rate * 5);
        expect(steady.maxVUs).toBeGreaterThan(steady.preAllocatedVUs);
      }),
    );
  });

  test('fewer virtual users than rate × flow time are refused at the start', () => {
    expect(() => load({ RATE: '200', VUS: '500' })).toThrow('VUS is 500; 200 flows/s of 5.0 s each need at least 1000');
    expect(load({ RATE: '200', VUS: '1000' }).scenarios['steady']).toMatchObject({
      maxVUs: 1000,
      preAllocatedVUs: 1000,
    });
  });
});

describe('starts as of independent people', () => {
  const plan = drawn({ RATE: '20', RAMP: '10s', DURATION: '600s', SEED: '5' });
  const { ramp, steady } = plan.scenarios as Record<
    string,
    { stages: { target: number }[]; timeUnit: string; env: Record<string, string> }
  >;

  test('are drawn for each second, and the plan counts what was drawn', () => {
    const counts = steady!.stages.filter((_, at) => at % 2 === 1).map(({ target }) => target);
    expect(counts).toHaveLength(600);
    expect(plan.planned['steady']).toBe(counts.reduce((sum, count) => sum + count, 0));
    const mean = plan.planned['steady']! / 600;
    const dispersion = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / 600 / mean;
    expect(Math.abs(dispersion - 1)).toBeLessThan(0.2);
    expect(ramp!.stages.length).toBe(20);
    expect(plan.cells).toEqual({ ramp: 1_000, steady: 1_000 });
  });

  test('carry the rate that was planned, so that no draw is taken for it', () => {
    expect(JSON.parse(steady!.env['PLANNED_RATE']!)).toEqual([
      [0, 20],
      [600_000, 20],
    ]);
    expect(JSON.parse(ramp!.env['PLANNED_RATE']!)).toEqual([
      [0, 0],
      [10_000, 20],
    ]);
  });

  test('are the same for the same seed', () => {
    const stages = (SEED: string) => drawn({ RATE: '20', DURATION: '60s', SEED }).scenarios['steady'];
    expect(stages('5')).toEqual(stages('5'));
    expect(stages('5')).not.toEqual(stages('6'));
  });

  test('need virtual users for the time over which they spread, too', () => {
    const vus = (env: Record<string, string>) => (drawn(env).scenarios['steady'] as { maxVUs: number }).maxVUs;
    const hour = { RATE: '20', RAMP: '0s', DURATION: '1h' };
    expect(vus(hour) - vus({ ...hour, ARRIVALS: 'even' })).toBeGreaterThanOrEqual(2 * 20 * 1.8);
  });
});

describe('flows that have begun when no further ones start', () => {
  const { users } = makeInventory({ users: 60, seed: 21, version: 'test' });
  const typist = users.find(({ kind, behaviour }) => kind === 'F7' && behaviour.otp?.wrong === 0)!;
  const graceMs = (user: InventoryUser, env: Record<string, string> = {}): number => {
    const settings = readSettings({ RATE: '5', RAMP: '0s', DURATION: '12s', ...env }, 'load');
    const { steady } = openModel(settings, { ...factsOf([user], settings), users: 1000 }).scenarios;
    return parseDuration(steady!.gracefulStop!)!;
  };
  const behaves = (behaviour: InventoryUser['behaviour']): InventoryUser => ({ ...typist, behaviour });

  test('may end: somebody who needs a minute for a code is not interrupted', () => {
    const slow = behaves({ profile: 'android', otp: { wrong: 0, afterMs: 60_000 } });
    expect(graceMs(slow)).toBeGreaterThanOrEqual(60_000 + 10_000);
    expect(graceMs(slow, { TIME_SCALE: '0.1' })).toBeLessThan(60_000);
  });

  test('are waited for as long as their client waits for a push, whichever is played', () => {
    const ignores = behaves({ profile: 'android', push: { decision: 'ignore', afterMs: 0 } });
    expect(graceMs(ignores)).toBeGreaterThanOrEqual(15_000);
    expect(graceMs(ignores)).toBeLessThan(120_000);
    // A browser never gives up by itself.
    expect(graceMs(ignores, { CLIENT_PROFILE: 'browser', FLOW_PATIENCE: '20m' })).toBeGreaterThanOrEqual(1_200_000);
    expect(graceMs(ignores, { CLIENT_PROFILE: 'browser', FLOW_PATIENCE: '10s' })).toBeLessThan(120_000);
  });
});

test('smoke never has more virtual users than flows', () => {
  const { scenarios } = sharedFlows(readSettings({ FLOWS: '10', VUS: '25' }, 'smoke'), facts);
  expect(scenarios['steady']).toMatchObject({ executor: 'shared-iterations', vus: 10, iterations: 10 });
});
