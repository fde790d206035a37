import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { BUILD_MS, buildHost, reasonToSkip, runHost } from './host.ts';
import { playOnEngine, playOnSobek, prescribed } from './stage.ts';
import type { Played } from './stage.ts';

const skipped = await reasonToSkip();
if (skipped !== undefined) console.warn(`conformance: skipped, because ${skipped}`);

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-sobek-'));
const host = join(folder, 'sobek-host');

/** `npm run check:conformance` plays users of the other scenarios on Sobek; `npm test` loads their bundles (loads.test.ts). */
const LONG = process.env['CONFORMANCE_USERS'] !== undefined;
if (!LONG)
  console.warn('left to "npm run check:conformance": users of load, soak, capacity, spike and resilience on Sobek');

/** Metrics that count what the two hosts' clocks decide: timers that ran out, and which of two overlapping polls was late. */
const BY_THE_CLOCK = ['step_lateness', 'late_polls'];

/** Samples of our own metrics that were taken on Sobek or on the engine, side by side; a metric never sampled counts 0. */
function sideBySide(sobek: Played, engine: Played, apart: readonly string[]): [unknown, unknown][] {
  return Object.keys(sobek.samples)
    .filter((name) => !apart.includes(name))
    .map((name) => [{ [name]: sobek.samples[name] }, { [name]: engine.samples[name] ?? 0 }]);
}

describe.skipIf(skipped !== undefined)('the bundles on Sobek', () => {
  beforeAll(() => buildHost(host), BUILD_MS);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('where somebody decides every push, the hosts agree on the last poll and on every sample', async () => {
    const all = makeInventory({ users: 90, seed: 7, version: 'test' });
    const decided = all.users.filter(({ behaviour, kind }) => behaviour.push?.decision !== 'ignore' && kind !== 'F15');
    const inventory = { ...all, users: decided };
    // Who polls by a timer polls once more where an answer is late: only clients that wait for it poll equally often.
    const env = { CLIENT_PROFILE: 'android' };
    const [sobek, engine] = await Promise.all([
      playOnSobek(host, 'smoke', inventory, env),
      playOnEngine(inventory, env),
    ]);
    expect(sobek.requests['poll']?.['200']).toBeGreaterThan(20);
    expect(sobek.requests).toEqual(engine.requests);
    for (const [here, there] of sideBySide(sobek, engine, BY_THE_CLOCK)) expect(here).toEqual(there);
  });

  test('a virtual user costs at most 90 KiB of heap before it plays', async () => {
    const inventory = join(folder, 'inventory.json');
    writeFileSync(inventory, encodeInventory(makeInventory({ users: 500, seed: 7, version: 'test' })));
    const flags = ['--bundle', 'dist/load.js', '--heap', '--vus', '100'];
    const { heapPerVU } = await runHost<{ heapPerVU: number }>(host, flags, {
      INVENTORY: inventory,
      RATE: '1',
      RAMP: '0s',
    });
    expect(heapPerVU).toBeGreaterThan(20 * 1024);
    expect(heapPerVU).toBeLessThanOrEqual(90 * 1024);
  });

  /** What any script costs on this host: it requires what a bundle does, and makes as many requests, of its own cookies. */
  const ANY_SCRIPT = `
    for (const name of ['crypto', 'encoding', 'timers']) require('k6/' + name);
    const { CookieJar, asyncRequest } = require('k6/http');
    const { Counter, Rate, Trend } = require('k6/metrics');
    const [flows, failed, duration] = [new Counter('flows'), new Rate('failed'), new Trend('duration', true)];
    exports.options = {};
    exports.default = async () => {
      const params = { jar: new CookieJar(), headers: { Accept: 'application/json' }, redirects: 0, responseType: 'text' };
      flows.add(1, { kind: 'F1' });
      for (let at = 0; at < 5; at++) {
        const { status, timings } = await asyncRequest('GET', __ENV.PF_BASE_URL + '/pf/heartbeat.ping', null, params);
        failed.add(status !== 200);
        duration.add(timings.duration);
      }
    };`;

  test('and after its first flow at most 310 KiB, of which at most 240 are not those of any script', async () => {
    const users = makeInventory({ users: 500, seed: 7, version: 'test' });
    const inventory = join(folder, 'played.json');
    writeFileSync(inventory, encodeInventory(users));
    const timeScale = 0.01;
    const simulator = await startSimulator({ inventory: users, port: 0, latency: 'off', workers: 0, timeScale });
    try {
      const env = { PF_BASE_URL: simulator.url, INVENTORY: inventory, TIME_SCALE: String(timeScale) };
      const plan = { RATE: '1', RAMP: '0s', DURATION: '30s' };
      const heapOf = async (bundle: string): Promise<number> => {
        const flags = ['--bundle', bundle, '--heap-played', '--vus', '50'];
        return (await runHost<{ heapPerVU: number }>(host, flags, { ...env, ...plan })).heapPerVU / 1024;
      };
      const any = join(folder, 'any-script.js');
      writeFileSync(any, ANY_SCRIPT);
      const played = await heapOf('dist/load.js');
      const ofAnyScript = await heapOf(any);
      expect(ofAnyScript).toBeGreaterThan(40);
      expect(played).toBeLessThanOrEqual(310);
      expect(played - ofAnyScript).toBeLessThanOrEqual(240);
    } finally {
      await simulator.close();
    }
  });

  const PLANS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    load: { RATE: '1', RAMP: '0s', DURATION: '30s' },
    soak: { RATE: '1', RAMP: '0s', DURATION: '30s' },
    capacity: { START_RATE: '1', STEP_RATE: '1', MAX_RATE: '3' },
    spike: { RATE: '1', SPIKE_FACTOR: '2' },
    resilience: { RATE: '1', FAULTS: 'slow,restart' },
  };

  test.runIf(LONG)('the other scenarios play their users there too, whatever load they plan', async () => {
    const inventory = makeInventory({ users: 60, seed: 11, version: 'test' });
    const play = ([name, plan]: [string, Readonly<Record<string, string>>]) => playOnSobek(host, name, inventory, plan);
    for (const played of await Promise.all(Object.entries(PLANS).map(play))) {
      expect(played).toMatchObject({ iterations: 60, thrown: 0, outcomes: prescribed(inventory) });
    }
  });
});
