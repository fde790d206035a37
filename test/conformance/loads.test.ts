import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { BUILD_MS, buildHost, reasonToSkip } from './host.ts';
import type { Sobek } from './host.ts';

const skipped = await reasonToSkip();
if (skipped !== undefined) console.warn(`conformance: skipped, because ${skipped}`);

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-loads-'));
const HOSTS: readonly Sobek[] = ['oldest', 'newest'];
const SETTINGS = [`INVENTORY=${join(folder, 'people.json')}`, 'PF_BASE_URL=http://127.0.0.1:9'];

/** Load that 200 users can bear. */
const LOAD: Readonly<Record<string, readonly string[]>> = {
  capacity: ['START_RATE=1', 'STEP_RATE=1', 'MAX_RATE=3'],
  load: ['RATE=1', 'RAMP=0s'],
  resilience: ['RATE=1', 'FAULTS=slow,restart'],
  soak: ['RATE=1', 'RAMP=0s'],
  spike: ['RATE=1', 'SPIKE_FACTOR=2'],
};

/** How a bundle may come with its map: not named as ours are, named as a file beside it, or within it. */
const MAPS: Readonly<Record<string, (map: string, file: string) => string>> = {
  'a hidden map': () => '',
  'its map beside it': (_map, file) => `\n//# sourceMappingURL=${basename(file)}.map`,
  'its map inline': (map) =>
    `\n//# sourceMappingURL=data:application/json;charset=utf-8;base64,${Buffer.from(map).toString('base64')}`,
};

/** Runs the init code of a script for two virtual users; rejects with what the host says. */
const load = (sobek: Sobek, bundle: string, plan: readonly string[] = []): Promise<unknown> =>
  promisify(execFile)(join(folder, sobek), [
    ...['--bundle', bundle, '--heap', '--vus', '2'],
    ...[...SETTINGS, ...plan].flatMap((setting) => ['-e', setting]),
  ]);

const bundles = ['dist', 'dist/tools'].flatMap((place) =>
  readdirSync(place).flatMap((name) => (name.endsWith('.js') ? [join(place, name)] : [])),
);

/** `npm run check:conformance` loads every bundle in every form; otherwise only as shipped, and one of each kind in the others. */
const inEveryForm =
  Number(process.env['CONFORMANCE_USERS'] ?? 0) > 60 ? bundles : ['dist/smoke.js', 'dist/tools/doctor.js'];

describe.skipIf(skipped !== undefined)('Sobek from k6 v0.54 (September 2024) to today', () => {
  beforeAll(async () => {
    await Promise.all(HOSTS.map((sobek) => buildHost(join(folder, sobek), sobek)));
    writeFileSync(
      join(folder, 'people.json'),
      encodeInventory(makeInventory({ users: 200, seed: 7, version: 'test' })),
    );
  }, BUILD_MS);
  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(Object.keys(MAPS))('loads bundles with %s', async (how) => {
    const loads = (how === 'a hidden map' ? bundles : inEveryForm).flatMap((bundle) => {
      const file = join(folder, `${how.replaceAll(' ', '-')}-${basename(bundle)}`);
      const map = readFileSync(`${bundle}.map`, 'utf8');
      writeFileSync(file, readFileSync(bundle, 'utf8') + MAPS[how]!(map, file));
      copyFileSync(`${bundle}.map`, `${file}.map`);
      return HOSTS.map((sobek) => load(sobek, file, LOAD[basename(bundle, '.js')]));
    });
    await Promise.all(loads);
  });

  test.each(HOSTS)('a profile file is read there in the first init: %s', async (sobek) => {
    const app = join(folder, 'my-app.json');
    const plan = [`CLIENT_PROFILE=${app}`];
    writeFileSync(app, '{"like":"android","pollEveryMs":3000}');
    await load(sobek, 'dist/smoke.js', plan);
    writeFileSync(app, '{"like":"android","pollEveryMs":0}');
    await expect(load(sobek, 'dist/smoke.js', plan)).rejects.toMatchObject({
      stderr: expect.stringContaining('my-app.json: pollEveryMs is 0; expected 10 to 600000') as string,
    });
  });

  test.each([
    ['what the older one lacks', 'exports.options = {}; exports.options.x ??= 1; exports.default = () => {};'],
    ['a map that is not there', 'exports.default = () => {};\n//# sourceMappingURL=none.js.map'],
  ])('and the check catches %s', async (_what, script) => {
    const file = join(folder, 'caught.js');
    writeFileSync(file, script);
    await expect(load('oldest', file)).rejects.toMatchObject({ code: 104 });
  });
});
