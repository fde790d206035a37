import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Inventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { PRESETS, preset } from '../../population/population.ts';
import { KEYS, claimsFor, pemOf, signed, testUsers } from '../lib/deployment/request-objects.ts';
import { BUILD_MS, buildHost, reasonToSkip } from './host.ts';
import type { Counts } from './host.ts';
import { playOnEngine, playOnSobek, prescribed } from './stage.ts';

const skipped = await reasonToSkip();
if (skipped !== undefined) console.warn(`conformance: skipped, because ${skipped}`);

/** `npm run check:conformance` plays three seeds, of 500 users each. */
const LONG = process.env['CONFORMANCE_USERS'] !== undefined;
const SEEDS = LONG ? [7, 11, 23] : [7];
const USERS = Number(process.env['CONFORMANCE_USERS'] ?? 60);
if (!LONG) console.warn('left to "npm run check:conformance": seeds 11 and 23 on Sobek, more users, and each preset');
const folder = mkdtempSync(join(tmpdir(), 'pairstorm-sobek-'));
const host = join(folder, 'sobek-host');

/** Users of a seed; the first ones are one of each variant. */
const users = (seed: number): Inventory => makeInventory({ users: USERS, seed, version: 'test' });

const withoutPolls = (requests: Counts): Counts =>
  Object.fromEntries(Object.entries(requests).filter(([step]) => step !== 'poll'));

describe.skipIf(skipped !== undefined)('the bundles on Sobek', () => {
  beforeAll(() => buildHost(host), BUILD_MS);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(SEEDS)(
    'seed %i: every flow of smoke ends as expected, and the engine makes the same requests',
    async (seed) => {
      const inventory = users(seed);
      const [sobek, engine] = await Promise.all([playOnSobek(host, 'smoke', inventory), playOnEngine(inventory)]);
      expect(sobek).toMatchObject({ iterations: USERS, thrown: 0 });
      expect(sobek.outcomes).toEqual(prescribed(inventory));
      expect(engine.outcomes).toEqual(sobek.outcomes);
      // How often a user polls who never decides is up to the server's clock; all else is not.
      expect(withoutPolls(sobek.requests)).toEqual(withoutPolls(engine.requests));
      // Polls that overlap on a busy machine: one that comes after the state has moved is refused, and no error.
      const { passes: failed } = sobek.samples['http_req_failed'] as { readonly passes: number };
      expect(failed).toBeLessThanOrEqual(Number(sobek.samples['late_polls'] ?? 0));
      expect(Object.values(sobek.record.startsByRun)).toEqual([USERS]);
      const { starts, completed, failed: flowsFailed, tokens } = sobek.record;
      expect(engine.record).toMatchObject({ starts, completed, failed: flowsFailed, tokens });
      expect(sobek.record.tokens).toBe(sobek.requests['token']?.['200']);
    },
    USERS * 2_000,
  );

  test('200 users with test devices and a signed request object: no phone is asked, and all are authenticated', async () => {
    const count = 200;
    const issuer = 'https://sso.example.com';
    const requestKeyFile = join(folder, 'key.pem');
    writeFileSync(requestKeyFile, pemOf(KEYS.ec.publicKey));
    const env = { DEVICE_DRIVER: 'test-device', PF_REQUEST_OBJECT: await signed(claimsFor(issuer)) };
    const settings = { requestKeyFile, baseUrl: issuer };
    const inventory = testUsers(count);
    const hosts = [
      playOnEngine(inventory, env, settings),
      playOnSobek(host, 'smoke', inventory, env, settings),
    ] as const;
    for (const { outcomes, requests, record } of await Promise.all(hosts)) {
      expect(outcomes).toEqual({ F7: { authenticated: count } });
      expect(Object.keys(requests).filter((step) => ['code', 'pair', 'decide', 'reset'].includes(step))).toEqual([]);
      expect(record).toMatchObject({ starts: count, tokens: count, completed: { mobile_login_sms: 133 } });
    }
  }, 120_000);

  // `everything` is played above; the others in the longer check, whose test is the same.
  test.runIf(USERS > 60).each(PRESETS)(
    'preset %s: the same users come to the same outcomes on both hosts',
    async (name) => {
      const inventory = makeInventory({ users: 200, seed: 7, version: 'test', population: preset(name) });
      const [sobek, engine] = await Promise.all([playOnSobek(host, 'smoke', inventory), playOnEngine(inventory)]);
      expect(sobek).toMatchObject({ iterations: 200, thrown: 0 });
      expect(sobek.outcomes).toEqual(prescribed(inventory));
      expect(engine.outcomes).toEqual(sobek.outcomes);
    },
    400_000,
  );
});
