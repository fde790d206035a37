import { expect, test } from 'vitest';
import { durationOf, parseDuration, readDuration } from '../../contract/duration.ts';
import { readSettings } from '../../lib/settings.ts';

test('a duration is read alike in a setting, a flag and an option', () => {
  for (const [text, ms] of Object.entries({
    '500us': 0.5,
    '90s': 90_000,
    '1m30s': 90_000,
    '1.5h': 5_400_000,
    '0': 0,
  })) {
    expect([parseDuration(text), durationOf(text, '--skip'), readDuration(text, 'duration')]).toEqual([ms, ms, ms]);
  }
  expect(readSettings({ RAMP: '1m500us' }, 'load').rampMs).toBe(60_000.5);
});

test('a bare number is one of milliseconds where k6 takes it, and no duration elsewhere', () => {
  expect([readDuration(500, 'timeout'), readDuration('500', 'timeout')]).toEqual([500, 500]);
  expect(parseDuration('500')).toBeUndefined();
  expect(() => durationOf('500', '--skip')).toThrow('--skip is "500"; expected a duration such as \'30s\'');
  expect(() => readSettings({ RAMP: '500' }, 'load')).toThrow('RAMP is "500"; write a duration like 90s, 5m or 1h30m');
});
