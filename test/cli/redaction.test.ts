import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { startFront } from '../lib/deployment/front.ts';
import { travelled } from '../lib/deployment/travelled.ts';
import { startBridge } from '../lib/device/reference-bridge.ts';
import { emptyFolder, pairstorm } from './command.ts';

/** All files below a folder, unpacked. */
function contents(folder: string): [string, string][] {
  return readdirSync(folder).flatMap((name): [string, string][] => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return contents(path);
    const bytes = readFileSync(path);
    return [[path, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')]];
  });
}

it.each([1, 2])('No output of a run tells a secret, whatever goes wrong (%d)', async (round) => {
  const mark = randomBytes(6).toString('hex');
  const secrets = {
    client: `client-secret-${mark}`,
    token: `bridge-token-${mark}`,
    header: `api-key-${mark}`,
  };
  const seed = Number.parseInt(mark.slice(0, 6), 16);
  const inventory = makeInventory({ users: 60, seed, version: 'test' });
  const client = { id: 'pairstorm', secret: secrets.client, cookieless: round === 2 };
  const simulator = await startSimulator({
    ...{ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.02, clients: [client] },
  });
  // Something goes wrong in every third exchange: an error that repeats the request, or no JSON at all.
  let exchanges = 0;
  const front = await startFront(simulator.url, ({ url, body, answer }) => {
    // The look before a run, with a made-up code, is answered as PingFederate does: no run begins otherwise.
    const looks = body.includes('looks-whether-the-client-is-known');
    if (looks || !/authn|token/.test(url) || ++exchanges % 3 > 0) return undefined;
    const message = `you sent ${body}`;
    if (exchanges % 2 > 0) return { status: 200, answer: `<html>${body}${answer}</html>` };
    return {
      status: 400,
      answer: JSON.stringify({
        code: 'VALIDATION_ERROR',
        message,
        userMessage: answer,
        details: [{ code: 'INVALID_OTP', message }],
        error_description: message,
      }),
    };
  });
  const bridge = await startBridge(`${simulator.url}/phone`, {
    token: secrets.token,
    instead: (path) =>
      path === '/code' && exchanges % 2 > 0 ? [500, '{"code":"482913","message":"482913"}'] : undefined,
  });
  const folder = emptyFolder();
  const inFolder = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const home = emptyFolder();
  const env = {
    ...{ PF_BASE_URL: front.url, PF_CLIENT_SECRET: secrets.client, PF_STATE: round === 2 ? 'cookieless' : 'cookie' },
    ...(round === 2 && { PF_CLIENT_AUTH: 'basic+pkce', PF_STATUS_FROM: 'introspection' }),
    PF_HEADERS_FILE: inFolder('headers', `X-Api-Key: ${secrets.header}\n`),
    ...{ DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url, BRIDGE_TOKEN_FILE: inFolder('token', secrets.token) },
    INVENTORY: inFolder('inventory.json', encodeInventory(inventory)),
    ...{ TIME_SCALE: '0.02', MAX_PER_USER: '50' },
  };
  const outputs = ['--out', 'json=samples.json', '--out', 'csv=samples.csv.gz', '--summary-export', 'export.json'];
  const { code, stdout, stderr } = await pairstorm(
    home,
    ['run', 'smoke', '--verbose', '--allow-invalid', ...outputs],
    env,
  );
  const dry = await pairstorm(home, ['run', 'smoke', '--verbose', '--dry-run'], env);
  front.close();
  bridge.close();
  await simulator.close();
  expect(code, stderr).toBe(99);
  expect(dry.code, dry.stderr).toBe(0);
  expect(stderr).toMatch(/\d+ failed flows → /);

  const planted = inventory.users.flatMap(({ password, devices }) => [
    password,
    ...devices.map(({ secret }) => secret ?? ''),
  ]);
  const told = [...Object.values(secrets), ...planted, ...front.seen.flatMap(travelled), '482913', 'you sent'];
  const secretive = [...new Set(told)].filter((secret) => secret !== '');
  expect(secretive.length).toBeGreaterThan(100);
  const everything = [...contents(home), ['stdout', stdout + dry.stdout], ['stderr', stderr + dry.stderr]] as const;
  expect(everything.length).toBeGreaterThan(7);
  for (const [place, text] of everything) {
    // A passcode of six digits may stand anywhere by chance, as a part of a number: it must not stand there as a word.
    const told = secretive.filter((secret) =>
      /^\d{4,8}$/.test(secret) ? new RegExp(`["' :]${secret}["' ]`).test(text) : text.includes(secret),
    );
    expect(told, place).toEqual([]);
  }
});
