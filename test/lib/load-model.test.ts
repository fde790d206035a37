import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { InventoryUser } from '../../contract/inventory.ts';
import { parseDuration } from '../../contract/duration.ts';
import { openModel, sharedFlows } from '../../lib/load-model.ts';
import { factsOf } from '../../lib/population/inventory.ts';
import { readSettings } from '../../lib/settings.ts';
import { makeInventory } from '../../population/inventory.ts';

const facts = { users: 1_000_000, meanHumanMs: 4000, longestHumanMs: 35_000, longestFlowMs: 35_000 };
const load = (env: Record<string, string>) => openModel(readSettings(env, 'load'), facts);

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
