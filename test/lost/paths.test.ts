import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { RunningSimulator } from '../../simulator/simulator.ts';
import { startBridge } from '../lib/device/reference-bridge.ts';
import type { Bridge } from '../lib/device/reference-bridge.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';

/** What is cheap, in every run of the tests; all of it with LOST=1. */
const siblings = it.skipIf(process.env['LOST'] === undefined);
const DIST = fileURLToPath(new URL('../../dist', import.meta.url));
const QUICK = { FLOWS: '3', VUS: '3', TIME_SCALE: '0.02' };

const inventory = makeInventory({ users: 60, seed: 5, version: 'test' });
const folder = emptyFolder();
const inFolder = (name: string, content: string): void => writeFileSync(join(folder, name), content);

describe('A relative path counts from the current folder', () => {
  let simulator: RunningSimulator;
  let bridge: Bridge;
  beforeAll(async () => {
    mkdirSync(join(folder, 'keys'));
    inFolder('people.json', encodeInventory(inventory));
    inFolder('keys/client', 'the-secret\n');
    inFolder('keys/token', 'the-token\n');
    inFolder('keys/headers', 'X-Api-Key: one\n');
    inFolder('keys/parameters', 'gateway=one\n');
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'client' }], { keySize: 2048 });
    inFolder('keys/cert.pem', cert);
    inFolder('keys/key.pem', key);
    const clients = [{ id: 'pairstorm', secret: 'the-secret', cookieless: false }];
    simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.02, clients });
    bridge = await startBridge(`${simulator.url}/phone`, { token: 'the-token' });
  });
  afterAll(async () => {
    bridge.close();
    await simulator.close();
  });

  const FILES = {
    INVENTORY: 'people.json',
    PF_CLIENT_SECRET_FILE: 'keys/client',
    BRIDGE_TOKEN_FILE: './keys/token',
    PF_HEADERS_FILE: 'keys/headers',
    PF_PARAMETERS_FILE: 'keys/parameters',
    TLS_CLIENT_CERT: 'keys/cert.pem',
    TLS_CLIENT_KEY: 'keys/../keys/key.pem',
  };
  const target = (): Record<string, string> => ({
    ...QUICK,
    ...{ PF_BASE_URL: simulator.url, DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url },
  });

  it('in the environment', async () => {
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--allow-invalid'], { ...target(), ...FILES });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`PF_CLIENT_SECRET_FILE=${join(folder, 'keys', 'client')} `);
    expect(stderr).toContain(`60 users, seed 5, ${join(folder, 'people.json')}`);
  });

  it('by -e, on two threads', async () => {
    const flags = Object.entries(FILES).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
    const args = ['run', 'smoke', '--allow-invalid', '--workers', '2', ...flags];
    const { code, stderr } = await pairstorm(folder, args, target());
    expect(code, stderr).toBe(0);
  });

  siblings.each([['doctor'], ['trace']])('for %s', async (command) => {
    const { code, stdout, stderr } = await pairstorm(folder, [command], {
      ...target(),
      ...FILES,
      ...{ FLOWS: '', VUS: '' },
    });
    expect(stderr).not.toContain('cannot read');
    expect([0, 99], stdout + stderr).toContain(code);
  });

  it.each(Object.keys(FILES))('and the error names the folder that was searched: %s', async (name) => {
    const env = { ...target(), ...FILES, [name]: 'keys/none' };
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke'], env);
    expect(stderr).toContain(`error: ${name}: cannot read keys/none: no such file or folder, looked for in ${folder}`);
    expect(code).toBe(104);
  });

  it.each([
    ['PF_CLIENT_SECRET_FILE', 'environment'],
    ['INVENTORY', '-e'],
  ])('and the file beside the bundle, where it was looked for before, is named: %s by %s', async (name, how) => {
    const env = { ...target(), ...(how === '-e' ? {} : { [name]: 'inventory.json' }) };
    const flags = how === '-e' ? ['-e', `${name}=inventory.json`] : [];
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', ...flags], env);
    expect(stderr).toContain(`; the file beside the bundle is ${name}=${join(DIST, 'inventory.json')}`);
    expect(code).toBe(104);
  });

  siblings.each([
    ['a folder', 'keys', /PF_CLIENT_SECRET_FILE: keys: it is a folder/],
    [
      'an absolute path that is not there',
      '/none',
      /PF_CLIENT_SECRET_FILE: cannot read \/none: no such file or folder$/m,
    ],
  ])('and %s is refused', async (_title, path, says) => {
    const env = { ...target(), PF_CLIENT_SECRET_FILE: path };
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke'], env);
    expect(stderr).toMatch(says);
    expect(code).toBe(104);
  });
});

it('Without INVENTORY the users are those of the package, wherever one stands', async () => {
  const elsewhere = emptyFolder();
  writeFileSync(join(elsewhere, 'inventory.json'), '{}');
  const { code, stderr } = await pairstorm(elsewhere, ['run', 'smoke', '--dry-run'], QUICK);
  expect(stderr).toContain(`4000 users, seed 7, ${join(DIST, 'inventory.json')}`);
  expect(code, stderr).toBe(0);
});

it('A script of one’s own, in another folder, opens the inventory that its simulator plays', async () => {
  mkdirSync(join(folder, 'scripts'));
  writeFileSync(
    join(folder, 'scripts', 'own.js'),
    `const users = JSON.parse(open(__ENV.INVENTORY)).users.length;
     module.exports = { options: { iterations: 1 }, default() { console.log(users + ' users'); } };`,
  );
  const args = ['run', 'scripts/own.js', '--simulator', '--allow-invalid', '--workers', '0'];
  const own = await pairstorm(folder, args, { INVENTORY: 'people.json' });
  expect(own.stderr).toContain('60 users');
  expect(own.code, own.stderr).toBe(0);
  writeFileSync(join(folder, 'scripts', 'beside.json'), encodeInventory(inventory));
  const beside = await pairstorm(folder, args, { INVENTORY: 'beside.json' });
  expect(beside.stderr).toContain(`the file beside the bundle is INVENTORY=${join(folder, 'scripts', 'beside.json')}`);
});

it('Under k6 a relative path is one beside the script, and the error says so', async () => {
  const { run } = await import('../../engine/run.ts');
  const bundlePath = join(DIST, 'smoke.js');
  for (const [name, value] of [
    ['INVENTORY', 'none.json'],
    ['PF_CLIENT_SECRET_FILE', 'none'],
  ] as const) {
    const { exit, reason } = await run({ bundlePath, env: { [name]: value } });
    expect(reason).toContain(`${name}: cannot read ${value} in the folder of the script; `);
    expect(exit).toBe('invalid_configuration');
  }
});
