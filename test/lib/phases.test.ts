import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LEVELS, BINS } from '../../catalogue/phases.ts';
import type { ScenarioName } from '../../contract/setting.ts';
import { shifted } from '../../lib/flow/poll-phase.ts';
import type { LoadModel } from '../../lib/load-model.ts';
import { spanAt } from '../../lib/phases/timeline.ts';
import { readSettings } from '../../lib/settings.ts';
import { CLIENT_PROFILES } from '../../protocol/client-profiles.ts';
import { capacityLoad } from '../../scenarios/capacity/load.ts';
import { resilienceLoad } from '../../scenarios/resilience/load.ts';
import { binAt } from '../../scenarios/resilience/bins.ts';
import { spikeLoad } from '../../scenarios/spike/load.ts';

const facts = { users: 1_000_000, meanHumanMs: 4000, longestHumanMs: 35_000, longestFlowMs: 35_000 };
const LOADS = { capacity: capacityLoad, spike: spikeLoad, resilience: resilienceLoad };
const load = (name: keyof typeof LOADS, env: Record<string, string> = {}): LoadModel =>
  LOADS[name](readSettings({ ARRIVALS: 'even', ...env }, name), facts);

describe.each(['capacity', 'spike', 'resilience'] as const)('the plan of %s', (name) => {
  const { scenarios, planned, timeline = [] } = load(name);
  const flows = scenarios['flows'] as { stages: { target: number; duration: string }[]; timeUnit: string };

  test('is one k6 scenario whose stages take as long as its parts, without a gap between them', () => {
    const stagesMs = flows.stages.reduce((sum, { duration }) => sum + Number(duration.replace('s', '')) * 1000, 0);
    expect(timeline.at(-1)!.endMs).toBe(stagesMs);
    timeline.forEach(({ startMs }, at) => expect(startMs).toBe(timeline[at - 1]?.endMs ?? 0));
    expect(Object.keys(planned)).toEqual(['flows']);
  });

  test('each moment belongs to the part that it lies in', () => {
    fc.assert(
      fc.property(fc.nat(timeline.at(-1)!.endMs - 1), (atMs) => {
        const { startMs, endMs } = spanAt(timeline, atMs);
        expect(startMs <= atMs && atMs < endMs).toBe(true);
      }),
    );
    expect(spanAt(timeline, 1e12)).toBe(timeline.at(-1));
  });
});

test('capacity goes up in equal steps, at most fifty of them', () => {
  const { timeline = [], planned } = load('capacity', {
    START_RATE: '2',
    STEP_RATE: '3',
    MAX_RATE: '9',
    STEP_DURATION: '10s',
  });
  expect(timeline.map(({ level }) => level)).toEqual(LEVELS.slice(0, 3));
  expect(planned).toEqual({ flows: 20 + 50 + 80 });
  expect(() => load('capacity', { STEP_RATE: '0.5' })).toThrow(
    'START_RATE 5 to MAX_RATE 100 in steps of 0.5 is more than 50 rates; set STEP_RATE to 2 or more',
  );
});

test('spike: RATE, so many times RATE, RATE again', () => {
  const { planned, timeline = [] } = load('spike', { RATE: '2', RAMP: '0s', SPIKE_FACTOR: '4', SPIKE_DURATION: '10s' });
  expect(timeline.map(({ phase }) => phase)).toEqual(['steady', 'spike', 'recovery']);
  expect(planned).toEqual({ flows: 120 + 80 + 240 });
});

test('resilience: each fault between a steady time and a recovery, the first steady time is the measure', () => {
  const { timeline = [], scenarios } = load('resilience', {
    RAMP: '0s',
    FAULTS: 'slow, restart',
    FAULT_DURATION: '5s',
  });
  expect(timeline.map(({ phase, fault }) => [phase, fault])).toEqual([
    ['steady', 'none'],
    ['fault', 'slow'],
    ['recovery', 'slow'],
    ['steady', undefined],
    ['fault', 'restart'],
    ['recovery', 'restart'],
    ['steady', undefined],
  ]);
  expect(scenarios['faults']).toMatchObject({ exec: 'faults', vus: 1, iterations: 1 });
  expect(() => load('resilience', { RECOVERY_DURATION: '20s' })).toThrow(
    'RECOVERY_DURATION is 20s, but a flow of this inventory may take 35 s, so a fault could still show after its recovery; set 35s or more',
  );
});

test('fewer virtual users than the highest rate needs, and users played once who do not suffice, are refused', () => {
  expect(() => load('spike', { RATE: '10', VUS: '100' })).toThrow(
    'VUS is 100; 100 flows/s of 5.0 s each need at least 500',
  );
  const settings = readSettings({ ARRIVALS: 'even', USERS_EXHAUSTED: 'stop', RATE: '10' }, 'spike');
  expect(() => spikeLoad(settings, { ...facts, users: 100 })).toThrow(
    /^INVENTORY has 100 users, each used once \(USERS_EXHAUSTED=stop\), and the plan starts \d+ flows/,
  );
});

test.each<[ScenarioName, Record<string, string>, string]>([
  ['resilience', { FAULTS: 'slow,quick' }, 'FAULTS is "slow,quick"; "quick" is not one of unavailable, rate-limited'],
  ['resilience', { FAULTS: 'slow,slow' }, 'FAULTS lists a fault twice'],
  ['resilience', { FAULT_START_URL: 'http://127.0.0.1:1' }, 'FAULT_START_URL and FAULT_END_URL must be set together'],
  [
    'resilience',
    { FAULT_START_URL: 'http://127.0.0.1:1', FAULT_END_URL: 'http://127.0.0.1:1', FAULT_SHARE: '0.5' },
    'FAULT_SHARE does not apply with FAULT_START_URL',
  ],
  ['load', { FAULTS: 'slow' }, 'FAULTS does not apply to load; it applies to resilience'],
  ['capacity', { MAX_RATE: '1' }, 'MAX_RATE is 1, less than START_RATE 5'],
  ['spike', { STEP_RATE: '1' }, 'STEP_RATE does not apply to spike; it applies to capacity'],
])('%s with %j is refused', (scenario, env, says) => {
  expect(() => readSettings(env, scenario)).toThrow(says);
});

describe('a bin', () => {
  test('is a twentieth of the recovery, of which each has its number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 1e6 }), fc.nat(99_999), (recoveryMs, part) => {
        const span = { startMs: 5000, endMs: 5000 + recoveryMs, phase: 'recovery', fault: 'slow' } as const;
        const offset = (part / 100_000) * recoveryMs;
        const bin = BINS.indexOf(binAt(span, span.startMs + offset, recoveryMs));
        expect(bin).toBeGreaterThanOrEqual(Math.floor((offset / recoveryMs) * 20 - 1e-6));
        expect(bin).toBeLessThanOrEqual(Math.floor((offset / recoveryMs) * 20 + 1e-6));
      }),
    );
  });

  test('before the first fault they are the last ones of that time; elsewhere there is none', () => {
    const before = { startMs: 0, endMs: 10_000, phase: 'steady', fault: 'none' } as const;
    expect([0, 7_999, 8_000, 9_999].map((atMs) => binAt(before, atMs, 2000))).toEqual(['none', 'none', '00', '19']);
    expect(binAt({ startMs: 0, endMs: 10_000, phase: 'fault', fault: 'slow' }, 5000, 2000)).toBe('none');
  });
});

describe('POLL_PHASE', () => {
  const { android, ios } = CLIENT_PROFILES;
  const profiles = fc.constantFrom(android, ios);

  test('own leaves the client as it is', () => {
    expect(shifted(android, { pollPhase: 'own', timeScale: 1 }, 'ann', 12_345)).toBe(android);
  });

  test('spread puts the first poll off by a part of the interval that is a user’s own, always the same', () => {
    fc.assert(
      fc.property(profiles, fc.string(), fc.nat(), (profile, user, nowMs) => {
        const { firstPollMs, ...rest } = shifted(profile, { pollPhase: 'spread', timeScale: 1 }, user, nowMs);
        expect(firstPollMs).toBeGreaterThanOrEqual(profile.firstPollMs);
        expect(firstPollMs).toBeLessThan(profile.firstPollMs + profile.pollEveryMs);
        expect(profile).toMatchObject(rest);
        expect(shifted(profile, { pollPhase: 'spread', timeScale: 1 }, user, nowMs + 7).firstPollMs).toBe(firstPollMs);
      }),
    );
  });

  test('aligned brings everybody’s first poll to the same beat of the clock', () => {
    fc.assert(
      fc.property(profiles, fc.nat(), fc.integer({ min: 1, max: 100 }), (profile, nowMs, percent) => {
        const timeScale = percent / 100;
        const { firstPollMs } = shifted(profile, { pollPhase: 'aligned', timeScale }, 'ann', nowMs);
        const beats = (nowMs + firstPollMs * timeScale) / (profile.pollEveryMs * timeScale);
        expect(Math.abs(beats - Math.round(beats))).toBeLessThan(1e-6);
        expect(firstPollMs).toBeGreaterThan(profile.firstPollMs - 1e-3);
        expect(firstPollMs).toBeLessThan(profile.firstPollMs + profile.pollEveryMs + 1e-3);
      }),
    );
  });
});
