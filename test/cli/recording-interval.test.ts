import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { recordingIntervalMs } from '../../cli/record/recording-interval.ts';
import type { ScenarioPlan } from '../../engine/executors/table.ts';
import { emptyFolder, pairstorm, scriptFile } from './command.ts';

const COMMON = { name: 's', startTimeMs: 0, gracefulStopMs: 0, exec: 'default', env: {}, tags: {} } as const;
const HOUR = 3_600_000;
const during = (hours: number, startTimeMs = 0): ScenarioPlan => ({
  ...{ ...COMMON, startTimeMs },
  ...{ executor: 'constant-vus', vus: 1, durationMs: hours * HOUR },
});
const script = (name: string, builtIn = true) => ({ name, builtIn, path: '' });
const lengthOf = (name: string, ...scenarios: readonly ScenarioPlan[]): number =>
  recordingIntervalMs(script(name), { scenarios }, false);

test('a long run is recorded in longer intervals, of which it has at least 1,440', () => {
  const hours = [0.1, 1.9, 2, 5, 8, 12, 24, 100, 700];
  expect(hours.map((length) => lengthOf('soak', during(length)))).toEqual([
    ...[1_000, 1_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000],
  ]);
  // The plan's length is that of all its scenarios.
  expect(lengthOf('load', during(1), during(1, HOUR))).toBe(5_000);
});

test('metrics that go to Prometheus are as fresh as its dashboards expect', () => {
  const watched = (hours: number): number => recordingIntervalMs(script('soak'), { scenarios: [during(hours)] }, true);
  expect([1, 2, 5, 12, 100].map(watched)).toEqual([1_000, 5_000, 5_000, 5_000, 5_000]);
});

test('tests that are judged second by second are recorded by the second, as are counted iterations', () => {
  for (const name of ['resilience', 'capacity', 'spike']) expect(lengthOf(name, during(12))).toBe(1_000);
  expect(recordingIntervalMs(script('spike', false), { scenarios: [during(12)] }, false)).toBe(30_000);
  const counted = {
    ...COMMON,
    executor: 'shared-iterations',
    vus: 1,
    iterations: 5,
    maxDurationMs: 12 * HOUR,
  } as const;
  expect(lengthOf('smoke', counted)).toBe(1_000);
});

test('the record says the interval that it was made with; --interval decides', async () => {
  const source = `
    const exec = require('k6/execution');
    exports.options = { vus: 1, duration: '3h' };
    exports.default = () => exec.test.abort('enough');`;
  const intervalOf = async (...flags: readonly string[]): Promise<number> => {
    const folder = emptyFolder();
    const path = scriptFile(folder, 'script.js', source);
    const { code, stderr } = await pairstorm(folder, ['run', path, '--quiet', ...flags]);
    expect(code, stderr).toBe(108);
    const [run] = readdirSync(join(folder, 'results'));
    const read = (name: string): string => readFileSync(join(folder, 'results', run!, name), 'utf8');
    const { intervalMs } = JSON.parse(read('run.json')) as { intervalMs: number };
    expect(JSON.parse(read('series.jsonl').split('\n')[0]!)).toMatchObject({ intervalMs });
    return intervalMs;
  };
  expect(await intervalOf()).toBe(5_000);
  expect(await intervalOf('--interval', '500ms')).toBe(500);
});
