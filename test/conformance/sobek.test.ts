import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { buildHost, reasonToSkip } from './host.ts';
import type { Counts } from './host.ts';
import { playOnEngine, playOnSobek, prescribed } from './stage.ts';
import type { Played } from './stage.ts';

const skipped = await reasonToSkip();
if (skipped !== undefined) console.warn(`conformance: skipped, because ${skipped}`);

const SEEDS = [7, 11, 23];
const folder = mkdtempSync(join(tmpdir(), 'pairstorm-sobek-'));
const host = join(folder, 'sobek-host');

/** Users of a seed; the first ones are one of each variant. */
const users = (seed: number, count = 60): Inventory => makeInventory({ users: count, seed, version: 'test' });

/** Metrics that count what the two hosts' clocks decide: timers that ran out, and which of two overlapping polls was late. */
const BY_THE_CLOCK = ['step_lateness', 'late_polls'];

/** Samples of our own metrics that were taken on Sobek or on the engine, side by side; a metric never sampled counts 0. */
function sideBySide(sobek: Played, engine: Played, apart: readonly string[]): [unknown, unknown][] {
  return Object.keys(sobek.samples)
    .filter((name) => !apart.includes(name))
    .map((name) => [{ [name]: sobek.samples[name] }, { [name]: engine.samples[name] ?? 0 }]);
}

const withoutPolls = (requests: Counts): Counts =>
  Object.fromEntries(Object.entries(requests).filter(([step]) => step !== 'poll'));

describe.skipIf(skipped !== undefined)('the bundles on Sobek', () => {
  beforeAll(() => buildHost(host));
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(SEEDS)(
    'seed %i: every flow of smoke ends as prescribed, and the engine makes the same requests',
    async (seed) => {
      const inventory = users(seed);
      const [sobek, engine] = await Promise.all([playOnSobek(host, 'smoke', inventory), playOnEngine(inventory)]);
      expect(sobek).toMatchObject({ iterations: 60, thrown: 0 });
      expect(sobek.outcomes).toEqual(prescribed(inventory));
      expect(engine.outcomes).toEqual(sobek.outcomes);
      // How often a user polls who never decides is up to the server's clock; all else is not.
      expect(withoutPolls(sobek.requests)).toEqual(withoutPolls(engine.requests));
      expect(sobek.samples['http_req_failed']).toMatchObject({ passes: 0 });
      expect(Object.values(sobek.record.startsByRun)).toEqual([60]);
      const { starts, completed, failed, tokens } = sobek.record;
      expect(engine.record).toMatchObject({ starts, completed, failed, tokens });
      expect(sobek.record.tokens).toBe(sobek.requests['token']?.['200']);
    },
  );

  test('where somebody decides every push, the hosts agree on the last poll and on every sample', async () => {
    const all = users(SEEDS[0]!, 90);
    const inventory = { ...all, users: all.users.filter(({ behaviour }) => behaviour.push?.decision !== 'ignore') };
    const [sobek, engine] = await Promise.all([playOnSobek(host, 'smoke', inventory), playOnEngine(inventory)]);
    expect(sobek.requests['poll']?.['200']).toBeGreaterThan(20);
    expect(sobek.requests).toEqual(engine.requests);
    for (const [here, there] of sideBySide(sobek, engine, BY_THE_CLOCK)) expect(here).toEqual(there);
  });

  test('load and soak play their users there too, whatever load they plan', async () => {
    const inventory = users(SEEDS[1]!);
    const plan = { RATE: '1', RAMP: '0s', DURATION: '30s' };
    for (const played of await Promise.all(['load', 'soak'].map((name) => playOnSobek(host, name, inventory, plan)))) {
      expect(played).toMatchObject({ iterations: 60, thrown: 0, outcomes: prescribed(inventory) });
    }
  });
});
