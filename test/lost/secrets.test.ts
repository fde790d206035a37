import { createPrivateKey, randomBytes } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import type { Inventory, InventoryUser } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { startBridge } from '../lib/device/reference-bridge.ts';
import { emptyFolder, pairstorm, start } from '../cli/command.ts';
import { watchKin } from './kin.ts';

/** What is cheap, in every run of the tests; all of it with LOST=1. */
const LOST = process.env['LOST'] !== undefined;
const siblings = it.skipIf(!LOST);
const some = <T>(rows: readonly T[]): readonly T[] => rows.filter((_, at) => LOST || at % 3 === 0);

/** Part of every secret that is planted here, also in base32. */
const MARK = Array.from(randomBytes(8), (byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
/** The same in a number, as a password without quotes is one. */
const NUMBER = 900_000_000_000 + Number.parseInt(randomBytes(4).toString('hex'), 16);
const secret = (what: string): string => `${what}-${MARK}`;

const inputs = emptyFolder();
const inFolder = (name: string, content: string | Buffer): string => {
  writeFileSync(join(inputs, name), content);
  return join(inputs, name);
};

/** All files below a folder, unpacked. */
function contents(folder: string): [place: string, text: string][] {
  return readdirSync(folder).flatMap((name): [string, string][] => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return contents(path);
    const bytes = readFileSync(path);
    return [[path, (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')]];
  });
}

function expectNoMark(places: readonly (readonly [place: string, text: string])[]): void {
  for (const [place, text] of places) {
    for (const mark of [MARK, MARK.toLowerCase(), String(NUMBER), encodeURIComponent(MARK)]) {
      expect(text.includes(mark), `${place}:\n${text.slice(0, 2_000)}`).toBe(false);
    }
  }
}

const PEOPLE = makeInventory({ users: 60, seed: 11, version: 'test' });

/** Every secret field of an inventory holds a mark. */
function planted(inventory: Inventory): Inventory {
  const users = inventory.users.map((user): InventoryUser => {
    const devices = user.devices.map((device) =>
      device.type === 'TOTP' ? { ...device, secret: `${MARK}GEZDGNBV` } : device,
    );
    return { ...user, password: `${secret('password')}.${user.username}`, devices };
  });
  return { ...inventory, users };
}

/** An inventory with something else in one place. */
function broken(change: (user: Record<string, unknown>) => void): string {
  const file = JSON.parse(encodeInventory(planted(PEOPLE))) as { users: Record<string, unknown>[] };
  change(file.users.find(({ devices }) => JSON.stringify(devices).includes('TOTP'))!);
  return JSON.stringify(file);
}
const device = (user: Record<string, unknown>): Record<string, unknown> =>
  (user['devices'] as Record<string, unknown>[]).find(({ type }) => type === 'TOTP')!;

describe('What is wrong with a secret is told by its name and place', () => {
  const inventories: readonly (readonly [string, string, string, RegExp])[] = [
    ['a password that is a number', 'a.json', broken((user) => (user['password'] = NUMBER)), /\.password is a number/],
    [
      'a TOTP secret that is a number',
      'b.json',
      broken((user) => (device(user)['secret'] = NUMBER)),
      /\.secret is a n/,
    ],
    ['one that is not base32', 'c.json', broken((user) => (device(user)['secret'] = secret('0'))), /is not base32/],
    [
      'a passcode that is a number',
      'd.json',
      broken((user) => (user['driver'] = { otp: NUMBER })),
      /\.otp is a number/,
    ],
    ['a payload in a list', 'e.json', broken((user) => (user['driver'] = { payload: [MARK] })), /payload is a list/],
    ['a driver that is a text', 'f.json', broken((user) => (user['driver'] = MARK)), /\.driver is a string; expected/],
    ['a password without quotes', 'g.json', `{"users":[{"password":${MARK}}]}`, /g\.json is not JSON/],
    ['an end that is missing', 'h.json', `{"users":[{"password":"${MARK}"}\n`, /h\.json is not JSON/],
    [
      'users who are not list',
      'i.json',
      `{"version":1,"generator":"","seed":1,"users":{"a":"${MARK}"}}`,
      /is an object/,
    ],
    ['CSV without a header', 'a.csv', `ada,${MARK}\nbob,${MARK}\n`, /line 1 must name the columns, but its cell 1/],
    [
      'CSV with swapped columns',
      'b.csv',
      `username,password,kind\nada,F10,${MARK}\n`,
      /line 2: kind is not one of the kinds; allowed/,
    ],
    [
      'CSV with a wrong platform',
      'c.csv',
      `username,password,platform\nada,x,${MARK}\n`,
      /line 2: platform is not one of/,
    ],
    ['CSV with a wrong TOTP secret', 'd.csv', `username,password,totp_secret\nada,x,${MARK}!\n`, /totp_secret is not/],
    ['CSV with a cell too many', 'e.csv', `username,password\nada,${MARK},${MARK}\n`, /line 2 has 3 cells/],
    ['CSV in another encoding', 'f.csv', `username,password\nada,${MARK}\ufffd\n`, /line 2 contains U\+FFFD/],
  ];
  const refused = async (
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    says: RegExp,
  ): Promise<void> => {
    const home = emptyFolder();
    const { code, stdout, stderr } = await pairstorm(home, [...args, '--verbose'], env);
    expect(stdout + stderr).toMatch(says);
    expect([104, 107]).toContain(code);
    expectNoMark([...contents(home), ['stdout', stdout], ['stderr', stderr]]);
  };

  it.each(some(inventories))('%s', async (_title, name, text, says) => {
    await refused(['run', 'smoke', '--json'], { INVENTORY: inFolder(name, text) }, says);
  });

  siblings.each(inventories)('%s, for doctor, trace and simulate', async (_title, name, text, says) => {
    const file = inFolder(name, text);
    await refused(['doctor', '--json'], { INVENTORY: file }, says);
    await refused(['trace'], { INVENTORY: file }, says);
    await refused(['simulate', '--port', '0', '--inventory', file], {}, says);
  });

  const two = `${secret('first')}\n${secret('second')}\n`;
  const latin = Buffer.from(`${MARK}\xfc`, 'latin1');
  const settings: readonly (readonly [string, Readonly<Record<string, string>>, RegExp])[] = [
    ['a secret file of two lines', { PF_CLIENT_SECRET_FILE: inFolder('two', two) }, /has more than one line/],
    ['a secret file in Windows-1252', { PF_CLIENT_SECRET_FILE: inFolder('latin', latin) }, /line 1 is not UTF-8/],
    ['a header without a name', { PF_HEADERS_FILE: inFolder('headers', two) }, /PF_HEADERS_FILE: line 1 is not usable/],
    ['a header that is a secret', { PF_HEADERS: `X-Api-Key: ${MARK}` }, /X-Api-Key, looks like a secret/],
    ['a header without a colon', { PF_HEADERS: MARK }, /PF_HEADERS: header 1 is not usable/],
    ['a parameter without a name', { PF_PARAMETERS: `=${MARK}` }, /PF_PARAMETERS: parameter 1 is not usable/],
    ['a parameter without a value', { PF_PARAMETERS: `a=b&${MARK}` }, /PF_PARAMETERS: parameter 2 is not usable/],
    ['a parameter with a wrong escape', { PF_PARAMETERS: `key=${MARK}%zz` }, /parameter 1 is not usable/],
    ['a parameter with a placeholder', { PF_PARAMETERS: `key={{${MARK}}}` }, /1, key, has an unknown placeholder/],
    ['a file of such parameters', { PF_PARAMETERS_FILE: inFolder('par', `a=b\n${MARK}`) }, /parameter 2 is not usable/],
    [
      'a parameter in both places',
      { PF_PARAMETERS: `key=${MARK}`, PF_PARAMETERS_FILE: inFolder('key', `key=${MARK}`) },
      /PF_PARAMETERS_FILE: key is also set by PF_PARAMETERS/,
    ],
    [
      'a body that is not JSON',
      { PF_CUSTOM_STATUS: 'A', PF_CUSTOM_ACTION: 'b', PF_CUSTOM_BODY: `{"key":${MARK}}` },
      /PF_CUSTOM_BODY is not a JSON object/,
    ],
    [
      'a body with a placeholder',
      { PF_CUSTOM_STATUS: 'A', PF_CUSTOM_ACTION: 'b', PF_CUSTOM_BODY: `{"key":"{{${MARK}}}"}` },
      /PF_CUSTOM_BODY/,
    ],
    [
      'a key that is none',
      { TLS_CLIENT_CERT: inFolder('cert', MARK), TLS_CLIENT_KEY: inFolder('key.pem', MARK) },
      /TLS_CLIENT_(CERT|KEY) is not PEM|certificate and key cannot be used together/,
    ],
    [
      'two secrets in one place',
      { PF_CLIENT_SECRET: MARK, PF_CLIENT_SECRET_FILE: inFolder('one', MARK) },
      /are both set; set only one/,
    ],
    [
      'payloads with a space',
      { DEVICE_DRIVER: 'file', PAYLOADS: inFolder('payloads', `${MARK} ${MARK}\n`) },
      /line 1 of .* contains a space/,
    ],
    ['a setting of another driver', { BRIDGE_TOKEN: MARK }, /BRIDGE_TOKEN does not apply to DEVICE_DRIVER=simulated/],
  ];
  it.each(some(settings))('%s', async (_title, env, says) => {
    await refused(['run', 'smoke', '--json'], env, says);
  });
  siblings.each(settings)('%s, for doctor and trace', async (_title, env, says) => {
    await refused(['doctor', '--json'], env, says);
    await refused(['trace'], env, says);
  });

  it.each([
    ['a secret by -e', ['-e', `PF_CLIENT_SECRET=${MARK}`], /do not pass a secret on the command line/],
    ['a secret as a flag', [`--pf-client-secret=${MARK}`], /--pf-client-secret is not a flag/],
    ['a value that came apart from its name', ['-e', MARK.toLowerCase()], /-e has no value; write -e NAME=VALUE/],
  ])('%s', async (_title, args, says) => {
    await refused(['run', 'smoke', ...args], {}, says);
  });

  it.each([
    [
      'a key in a configuration',
      `{"tlsAuth":[{"cert":"a","key":"b","password":${NUMBER}}]}`,
      /password is not a string/,
    ],
    ['a configuration without quotes', `{"tlsAuth":[{"password":${MARK}}]}`, /is not JSON \(line 1\)/],
    ['a key in a list', `{"tlsAuth":["${MARK}"]}`, /tlsAuth.*\[0\] is a string; expected an object/],
  ])('%s', async (_title, config, says) => {
    const script = inFolder('script.js', 'export default function () {}');
    const home = emptyFolder();
    const { stdout, stderr } = await pairstorm(home, ['run', script, '-c', inFolder('config.json', config)]);
    expect(stderr).toMatch(says);
    expectNoMark([...contents(home), ['stdout', stdout], ['stderr', stderr]]);
  });
});

describe('A run that is as it should be tells no secret, nor does any process that it starts', () => {
  const inventory = planted(PEOPLE);
  const OUTPUTS = [
    ...['--out', 'json=samples.json', '--out', 'csv=samples.csv.gz', '--summary-export', 'export.json'],
    ...['--gate', '--verbose', '--allow-invalid', '--allow-no-samples'],
  ];
  const FORMS = ['html', 'markdown', 'junit', 'json', 'csv'];

  /** Runs a command, and gives what it said, wrote and started. */
  const played = async (
    home: string,
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{
    readonly code: number | null;
    readonly places: (readonly [string, string])[];
    readonly said: string;
  }> => {
    const running = start(home, args, env);
    const stop = watchKin(running.child.pid!);
    const { code, stdout, stderr } = await running.ended;
    const kin = stop();
    const places = [
      ['stdout', stdout],
      ['stderr', stderr],
      ...kin.flatMap(({ pid, args: line, environment }) => [
        [`arguments of ${pid}`, line],
        [`environment of ${pid} (${line})`, environment],
      ]),
    ] as const;
    return { code, places: [...places] as (readonly [string, string])[], said: stdout + stderr };
  };

  /** Every form of the record that a home holds. */
  const reports = async (home: string): Promise<(readonly [string, string])[]> => {
    const [run] = readdirSync(join(home, 'results'));
    const texts: (readonly [string, string])[] = [];
    for (const form of FORMS) {
      const { code, stdout, stderr } = await pairstorm(home, [
        'report',
        `results/${run!}`,
        '--format',
        form,
        '--out',
        '-',
      ]);
      expect(code, stderr).toBe(0);
      texts.push([form, stdout]);
    }
    const both = await pairstorm(home, ['compare', `results/${run!}`, `results/${run!}`, '--anyway', '--all']);
    return [...texts, ['compare', both.stdout + both.stderr]];
  };

  it('against a deployment with a client secret, headers, keys in parameters and body, a bridge, a client certificate', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'client' }], { keySize: 2048 });
    const passphrase = secret('key-password');
    const locked = createPrivateKey(key).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
    const simulator = await startSimulator({
      ...{ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.02 },
      ...{ firstFactor: 'custom', customStatus: 'BADGE_REQUIRED', customAction: 'checkBadge' },
      clients: [{ id: 'pairstorm', secret: secret('client'), cookieless: false }],
    });
    const bridge = await startBridge(`${simulator.url}/phone`, { token: secret('token') });
    const env = {
      ...{ PF_BASE_URL: simulator.url, PF_CLIENT_SECRET_FILE: inFolder('client', secret('client')) },
      ...{ PF_HEADERS: `X-Environment: ${secret('value')}`, PF_HEADERS_FILE: inFolder('hdr', `X-Api-Key: ${MARK}`) },
      PF_PARAMETERS: `gateway=${secret('parameter')}&login_hint={{username}}`,
      PF_PARAMETERS_FILE: inFolder('parameters', `apikey=${secret('key')}\r\n`),
      ...{ PF_CUSTOM_STATUS: 'BADGE_REQUIRED', PF_CUSTOM_ACTION: 'checkBadge' },
      PF_CUSTOM_BODY: `{"badge":"{{username}}","pin":"{{password}}","key":"${secret('body')}"}`,
      ...{ DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url, BRIDGE_TOKEN_FILE: inFolder('token', secret('token')) },
      ...{ TLS_CLIENT_CERT: inFolder('cert.pem', cert), TLS_CLIENT_KEY: inFolder('locked.pem', locked) },
      TLS_CLIENT_KEY_PASSWORD: passphrase,
      INVENTORY: inFolder('planted.json', encodeInventory(inventory)),
      ...{ TIME_SCALE: '0.02', MAX_PER_USER: '50' },
      ...{ HTTP_PROXY: `http://user:${MARK}@127.0.0.1:1`, K6_PROMETHEUS_RW_BEARER_TOKEN: MARK },
    };
    const home = emptyFolder();
    const run = await played(home, ['run', 'smoke', ...OUTPUTS], env);
    expect([0, 99], run.said).toContain(run.code);
    expect(run.said).toContain('PF_PARAMETERS=gateway=…&login_hint={{username}}');
    expect(run.said).toContain('PF_CUSTOM_BODY={"badge":"{{username}}","pin":"{{password}}","key":"…"}');
    const others: (readonly [string, string])[] = [];
    for (const args of [
      ['doctor', '--json'],
      ['trace', '--json'],
      ['run', 'smoke', '--dry-run'],
    ]) {
      const { places } = await played(home, args, env);
      others.push(...places);
    }
    bridge.close();
    await simulator.close();
    const samples = readFileSync(join(home, 'samples.json'), 'utf8');
    expect(samples.length).toBeGreaterThan(100_000);
    expectNoMark([...run.places, ...others, ...contents(home), ...(await reports(home))]);
    const file = contents(home).find(([path]) => path.endsWith('run.json'))!;
    expect(JSON.parse(file[1])).toMatchObject({
      settings: { PF_PARAMETERS: 'gateway=…&login_hint={{username}}', PF_HEADERS: 'X-Environment: …' },
    });
  });

  it('with a simulator and commands for a fault: neither inherits a secret', async () => {
    const home = emptyFolder();
    const environment = join(emptyFolder(), 'environment');
    const env = {
      ...{ HOME: home, LANG: 'C.UTF-8', KUBECONFIG: '/srv/kube', ALLOW_HOSTS: '', PF_SCOPE: 'openid' },
      ...{ PF_HEADERS_FILE: inFolder('hdr2', `X-Api-Key: ${MARK}`), PF_PARAMETERS: `gateway=${secret('parameter')}` },
      ...{ HTTPS_PROXY: `http://user:${MARK}@127.0.0.1:1`, https_proxy: `user:${MARK}@127.0.0.1:1` },
      ...{ K6_PROMETHEUS_RW_PASSWORD: MARK, INVENTORY: inFolder('planted2.json', encodeInventory(inventory)) },
      TIME_SCALE: '0.01',
    };
    const short = ['RATE=2', 'RAMP=0s', 'STEADY_DURATION=500ms', 'FAULT_DURATION=500ms', 'RECOVERY_DURATION=1s'];
    const run = await played(
      home,
      [
        ...['run', 'resilience', ...OUTPUTS, ...short.flatMap((pair) => ['-e', pair])],
        ...['--on-fault-start', `env > ${environment}; sleep 0.3`, '--on-fault-end', 'sleep 0.1'],
      ],
      env,
    );
    expect([0, 99], run.said).toContain(run.code);
    const inherited = readFileSync(environment, 'utf8');
    expect(inherited).toMatch(/^PATH=/m);
    expect(inherited).toMatch(/^KUBECONFIG=\/srv\/kube$/m);
    expect(inherited).toMatch(/^HTTPS_PROXY=http:\/\/127\.0\.0\.1:1$/m);
    expect(inherited).not.toMatch(/^(PF_HEADERS|PF_PARAMETERS|K6_)/m);
    const kin = run.places.map(([place]) => place).join('\n');
    expect(kin).toContain('simulate');
    expect(kin).toContain('fault-watcher');
    expect(kin).toContain('sleep');
    expectNoMark([
      ['environment of the command', inherited],
      ...run.places,
      ...contents(home),
      ...(await reports(home)),
    ]);
  });

  it('with a script that is built: what builds it inherits nothing', async () => {
    const environment = join(emptyFolder(), 'environment');
    const real = createRequire(createRequire(import.meta.url).resolve('esbuild')).resolve(
      `@esbuild/${process.platform}-${process.arch}/bin/esbuild`,
    );
    const builder = inFolder('builder', `#!/bin/sh\nenv > ${environment}\nexec ${real} "$@"\n`);
    chmodSync(builder, 0o755);
    const script = inFolder('own.ts', 'export const options = { iterations: 1 };\nexport default (): void => {};\n');
    const own = await played(emptyFolder(), ['run', script, '--allow-invalid'], {
      ...{ PF_CLIENT_SECRET: MARK, API_KEY: MARK, ESBUILD_BINARY_PATH: builder },
    });
    expect(own.code, own.said).toBe(0);
    const inherited = readFileSync(environment, 'utf8');
    expect(inherited).toMatch(/^PATH=/m);
    expectNoMark([['environment of the builder', inherited], ...own.places]);
  });

  siblings.each([
    ['PF_CLIENT_SECRET', {}],
    ['cookieless', { PF_STATE: 'cookieless' }],
    ['introspection', { PF_STATUS_FROM: 'introspection', PF_CLIENT_AUTH: 'basic+pkce' }],
  ])('with the secrets in the environment (%s), users of a CSV file and their own passcodes', async (_title, more) => {
    const rows = inventory.users.slice(0, 8).map(({ username, password }) => `${username};${password};F11;h-${MARK}`);
    const file = inFolder('planted.csv', ['username;password;kind;handle', ...rows, ''].join('\r\n'));
    const simulator = await startSimulator({
      ...{ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.02 },
      clients: [{ id: 'pairstorm', secret: secret('client'), cookieless: 'PF_STATE' in more }],
    });
    const bridge = await startBridge(`${simulator.url}/phone`, { token: secret('token') });
    const home = emptyFolder();
    const env = {
      ...{ PF_BASE_URL: simulator.url, PF_CLIENT_SECRET: secret('client'), BRIDGE_TOKEN: secret('token') },
      ...{ DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url, INVENTORY: file, TIME_SCALE: '0.02', FLOWS: '8' },
      ...more,
    };
    const run = await played(home, ['run', 'smoke', ...OUTPUTS], env);
    bridge.close();
    await simulator.close();
    expect([0, 99], run.said).toContain(run.code);
    expectNoMark([...run.places, ...contents(home), ...(await reports(home))]);
  });
});
