import { planLengthMs } from '../../cli/planned-load.ts';
import type { ScenarioName } from '../../contract/setting.ts';
import { readSettings } from '../../lib/settings.ts';
import { expect, it } from 'vitest';

const lengthOf = (scenario: ScenarioName, settings: Readonly<Record<string, string>> = {}): number =>
  planLengthMs(readSettings(settings, scenario)) / 1_000;

const FAULTY = { RAMP: '5s', STEADY_DURATION: '30s', FAULT_DURATION: '20s', RECOVERY_DURATION: '60s' };
const HOOKS = { FAULT_START_URL: 'http://127.0.0.1:9/start', FAULT_END_URL: 'http://127.0.0.1:9/end' };

it('the length of a plan is that of its parts: after the last recovery of a fault comes one more steady part', () => {
  expect(lengthOf('load', { RAMP: '10s', DURATION: '2m' })).toBe(130);
  expect(lengthOf('soak', { RAMP: '0s', DURATION: '8h' })).toBe(28_800);
  expect(lengthOf('spike', { RAMP: '5s', STEADY_DURATION: '1m', SPIKE_DURATION: '30s', RECOVERY_DURATION: '2m' })).toBe(
    215,
  );
  expect(lengthOf('resilience', { ...FAULTY, FAULTS: 'slow,restart' })).toBe(5 + 2 * 110 + 30);
  // A hook makes one fault, whatever FAULTS is by default.
  expect(lengthOf('resilience', { ...FAULTY, ...HOOKS })).toBe(5 + 110 + 30);
  const steps = { START_RATE: '10', STEP_RATE: '20', MAX_RATE: '60', STEP_DURATION: '1m' };
  expect(lengthOf('capacity', steps)).toBe(180);
});
