import { dirname, join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../../engine/index.ts';
import type { RunResult } from '../../engine/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import { ON_ANY_MACHINE, writeScript } from '../engine/script-fixture.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ users: 40, latency: 'off', timeScale: 0.05 });
});
afterAll(() => simulator.close());

/** Runs a script that lies far from any node_modules, with users beside it. */
async function play(script: string, env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  const bundlePath = writeScript(script);
  writeFileSync(join(dirname(bundlePath), 'inventory.json'), JSON.stringify(simulator.inventory));
  return run({ bundlePath, env: { PF_BASE_URL: simulator.url, TIME_SCALE: '0.05', ...env }, ...ON_ANY_MACHINE });
}

const flows = (more: string, how = '') => `
  import { flowOptions, playFlow, prepareFlows } from 'pairstorm/lib';
  export const options = { ...flowOptions, vus: 4, iterations: 8, thresholds: { outcome_mismatch: ['rate==0'], flows: ['count==8'] } };
  export const setup = prepareFlows;
  export default async (data) => { const ending = await playFlow(data${how}); ${more} };`;

test('a script of one’s own plays whole flows, wherever it lies', async () => {
  const result = await play(flows("if (!ending.asExpected || ending.reason === '') throw new Error(ending.outcome);"));
  expect(result).toMatchObject({ exitCode: 0, iterations: { completed: 8, thrown: 0 } });
});

test('one that is CommonJS requires the library', async () => {
  const result = await play(`
    const { playFlow, prepareFlows } = require('pairstorm/lib');
    exports.options = { iterations: 1, thresholds: { outcome_mismatch: ['rate==0'], flows: ['count==1'] } };
    exports.setup = prepareFlows;
    exports.default = async (data) => { await playFlow(data); };`);
  expect(result).toMatchObject({ exitCode: 0, iterations: { completed: 1 } });
});

test('it aborts, with the reason, where each user may be played once', async () => {
  for (const how of ['', ', { from: 38 }']) {
    const script = flows('', how).replace('iterations: 8', 'iterations: 41');
    const { exitCode, reason } = await play(script, { USERS_EXHAUSTED: 'stop' });
    expect(exitCode, reason).toBe(108);
    expect(reason).toMatch(/each user has been/);
  }
});

test('it keeps to the guard, and needs its setup', async () => {
  const elsewhere = await play(flows(''), { PF_BASE_URL: 'https://sso.example.com' });
  expect(elsewhere.reason).toContain('ALLOW_HOSTS=sso.example.com');
  const without = await play(flows('').replace('export const setup = prepareFlows;', ''));
  expect(without).toMatchObject({ exitCode: 108 });
  expect(without.reason).toContain('prepareFlows');
});
