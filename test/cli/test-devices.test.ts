import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultObject } from '../../cli/result.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { RunningSimulator } from '../../simulator/simulator.ts';
import { startFront } from '../lib/deployment/front.ts';
import type { Exchange, Front } from '../lib/deployment/front.ts';
import { KEYS, SECRET, claimsFor, pemOf, signed, testUsers, testUsersCsv } from '../lib/deployment/request-objects.ts';
import type { Claims } from '../lib/deployment/request-objects.ts';
import { emptyFolder, pairstorm } from './command.ts';
import type { Ended } from './command.ts';
import { carriedOut } from './in-process.ts';

/** Siblings of cases that are played here: `npm run check:test-devices` has them. */
const siblings = it.skipIf(process.env['TEST_DEVICES'] === undefined);

const home = emptyFolder();
const file = (name: string, text: string | Buffer): string => {
  writeFileSync(join(home, name), text);
  return join(home, name);
};
const USERS = 12;
const PEOPLE = file('people.csv', testUsersCsv(USERS));
const KEY = file('client.pem', pemOf(KEYS.ec.privateKey));
const ISSUER = 'https://sso.example.com';
const PLAY = { DEVICE_DRIVER: 'test-device', INVENTORY: PEOPLE, FLOWS: String(USERS), TIME_SCALE: '0.02' };

/** No lifetime decides what comes of a flow on a busy machine. */
const PATIENT = ['flowIdleMs', 'otpMs', 'codeMs'].flatMap((name) => ['--simulator-option', `${name}=9000000`]);

function contents(folder: string): string {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => (statSync(path).isDirectory() ? contents(path) : readFileSync(path, 'utf8')))
    .join('\n');
}

const resultOf = ({ stdout, stderr }: Ended): ResultObject => {
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as ResultObject;
};

describe('run signs a request object for its users with test devices', () => {
  it('against its own simulator, and neither key nor object is in the record, in the samples or in what it says', async () => {
    const cwd = emptyFolder();
    const args = ['run', 'smoke', '--json', '--allow-invalid', '--out', 'json=samples.json', ...PATIENT];
    const ended = await pairstorm(cwd, args, { ...PLAY, PF_REQUEST_KEY_FILE: KEY });
    expect(resultOf(ended).outcomes).toEqual({ F7: { authenticated: USERS } });
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('messages: up to 0 SMS, 0 emails and 0 pushes to real people');
    const said = contents(cwd) + ended.stdout + ended.stderr;
    expect(/"PF_REQUEST_OBJECT": ?"\(redacted\)"/.test(said)).toBe(true);
    expect(/eyJ[\w-]{20}|BEGIN PRIVATE/.exec(said)).toBeNull();
    expect(said.includes('"name":"code"')).toBe(false);
  });

  siblings.each<[string, Record<string, string>, RegExp]>([
    [
      'a key that is none',
      { PF_REQUEST_KEY_FILE: file('x.pem', '-----BEGIN PRIVATE KEY-----\nx\n') },
      /x\.pem: it cannot be read as a key/,
    ],
    [
      'a short RSA key',
      { PF_REQUEST_KEY_FILE: file('short.pem', pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)) },
      /short\.pem: it is RSA with 1024 bits; expected 2048 or more/,
    ],
    ['a public key', { PF_REQUEST_KEY_FILE: file('pub.pem', pemOf(KEYS.ec.publicKey)) }, /the private one signs/],
    [
      'a key in DER',
      {
        PF_REQUEST_KEY_FILE: file('key.der', KEYS.ec.privateKey.export({ type: 'pkcs8', format: 'der' })),
      },
      /key\.der: it is binary \(DER or PKCS #12\); expected PEM or a JWK: openssl pkey -inform DER/,
    ],
    ['a secret that may be anything', { PF_REQUEST_KEY_FILE: file('secret', SECRET) }, /set PF_REQUEST_ALG=HS256/],
    ['an algorithm for another key', { PF_REQUEST_KEY_FILE: KEY, PF_REQUEST_ALG: 'PS256' }, /is for ES256/],
    ['a key and an object', { PF_REQUEST_KEY_FILE: KEY, PF_REQUEST_OBJECT: 'a.b.c' }, /are both set; set only one/],
    [
      'neither',
      {},
      /DEVICE_DRIVER is "test-device" and needs a request object; set PF_REQUEST_KEY_FILE to .*, or PF_REQUEST_OBJECT$/m,
    ],
    ['no JWT', { PF_REQUEST_OBJECT: 'a.b.c' }, /PF_REQUEST_OBJECT is not a JWT/],
  ])('%s is refused before anything starts', async (_title, env, says) => {
    const { code, stderr } = await carriedOut(home, ['run', 'smoke'], { ...PLAY, ...env });
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(SECRET);
    expect(code).toBe(104);
  });

  siblings.each<[string, Claims, RegExp]>([
    ['pi.testDevice', { 'pi.testDevice': undefined }, /lacks pi\.testDevice=allow/],
    ['client_id', { client_id: undefined }, /is not for the client pairstorm/],
    ['aud', { aud: undefined }, /lacks aud/],
    ['exp', { exp: undefined }, /lacks exp/],
  ])('an object without %s is refused', async (_claim, other, says) => {
    const env = { ...PLAY, PF_REQUEST_OBJECT: await signed(claimsFor(ISSUER, other)) };
    const { code, stderr } = await carriedOut(home, ['run', 'smoke'], env);
    expect(stderr).toMatch(says);
    expect(code).toBe(104);
  });

  it('an object that ends before the plan is refused, with both lengths', async () => {
    const exp = Math.floor(Date.now() / 1000) + 100;
    const env = { ...PLAY, FLOWS: '', PF_REQUEST_OBJECT: await signed(claimsFor(ISSUER, { exp })) };
    const { code, stderr } = await carriedOut(home, ['run', 'load', '-e', 'DURATION=2h', '-e', 'RAMP=0s'], env);
    expect(stderr).toMatch(/PF_REQUEST_OBJECT expires in \d\d s, and flows may start for 2 h; sign another/);
    expect(code).toBe(104);
  });
});

it('a search for capacity refuses a request object that its budget outlasts', async () => {
  const signs = { PF_REQUEST_KEY_FILE: KEY, PF_REQUEST_AUDIENCE: ISSUER };
  const { stdout } = await pairstorm(home, ['request-object', '--lifetime', '10m'], signs);
  const env = { DEVICE_DRIVER: 'test-device', INVENTORY: PEOPLE, PF_BASE_URL: 'http://127.0.0.1:1' };
  const args = ['capacity', '--start', '1', '--max', '1'];
  const { code, stderr } = await pairstorm(home, args, { ...env, PF_REQUEST_OBJECT: stdout.trim() });
  expect(stderr).toMatch(/PF_REQUEST_OBJECT expires in 9 min \d+ s, and flows may start for 15 min; sign another/);
  expect(code).toBe(104);
});

describe('request-object prints what k6 needs', () => {
  it('with client, audience, scope and pi.testDevice, for longer than the plan', async () => {
    const args = [
      'request-object',
      'load',
      '-e',
      `PF_REQUEST_KEY_FILE=${KEY}`,
      '-e',
      'DURATION=3h',
      '-e',
      'PF_CLIENT_ID=lt',
    ];
    const { code, stdout } = await pairstorm(home, args, { PF_BASE_URL: `${ISSUER}/` });
    expect(code).toBe(0);
    const { exp, iat, ...claims } = decodeJwt(stdout.trim());
    expect(claims).toMatchObject({
      client_id: 'lt',
      iss: 'lt',
      aud: ISSUER,
      scope: 'openid',
      'pi.testDevice': 'allow',
    });
    expect(claims).not.toHaveProperty('state');
    expect(exp! - iat!).toBeGreaterThan(3 * 3600);
  });

  siblings.each<[string, readonly string[], RegExp]>([
    ['a lifetime within the plan', ['load', '--lifetime', '5m', '-e', 'DURATION=1h'], /starts flows for 1 h/],
    ['what is no scenario', ['nightly'], /there is no scenario "nightly"/],
    ['no lifetime at all', ['--lifetime', '0s'], /at least a second/],
  ])('%s is refused', async (_title, args, says) => {
    const { code, stderr } = await pairstorm(home, ['request-object', ...args], { PF_REQUEST_KEY_FILE: KEY });
    expect(stderr).toMatch(says);
    expect(code).toBe(104);
  });
});

describe('A deployment that does something else with test devices is a cause of its own', () => {
  let simulator: RunningSimulator;
  let env: Record<string, string>;
  let change: (exchange: Exchange) => string | undefined = () => undefined;
  let front: Front;
  const start = async (clockSkewS: number) => {
    const key = file('public.pem', pemOf(KEYS.ec.publicKey));
    simulator = await startSimulator({
      ...{ inventory: testUsers(USERS), port: 0, latency: 'off', workers: 0 },
      ...{ requestKeyFile: key, baseUrl: ISSUER, clockSkewS },
    });
    front = await startFront(simulator.url, (exchange) => {
      const answer = change(exchange);
      return answer === undefined ? undefined : { status: exchange.status, answer };
    });
    env = { ...PLAY, PF_BASE_URL: front.url, PF_REQUEST_AUDIENCE: ISSUER, PF_REQUEST_KEY_FILE: KEY };
  };
  beforeAll(() => start(0));
  afterAll(async () => {
    front.close();
    await simulator.close();
  });

  /** The outcomes of a run, and what it says of the causes. */
  async function causesOf(
    more: Record<string, string> = {},
  ): Promise<{ outcomes: unknown; stderr: string; code: unknown }> {
    const ended = await pairstorm(emptyFolder(), ['run', 'smoke', '--json', '--allow-invalid'], { ...env, ...more });
    return { outcomes: resultOf(ended).outcomes, stderr: ended.stderr, code: ended.code };
  }

  /** The answers that ask for a code, with something else in place of it. */
  const instead = (put: (flow: Record<string, unknown>) => void): typeof change => {
    return ({ answer }) => {
      if (!answer.includes('"OTP_REQUIRED"')) return undefined;
      const flow = JSON.parse(answer) as Record<string, unknown>;
      put(flow);
      return JSON.stringify(flow);
    };
  };

  it.each<[string, (flow: Record<string, unknown>) => void, string, RegExp]>([
    [
      'without a code',
      (flow) => delete flow['test'],
      'harness_error',
      /NO_TEST_CODE at code \(the answer holds no code\)/,
    ],
    [
      'with a number',
      (flow) => (flow['test'] = { otp: Number((flow['test'] as { otp: string }).otp) }),
      'harness_error',
      /TEST_CODE_NOT_TEXT at code/,
    ],
    [
      'with the code of somebody else',
      (flow) => (flow['test'] = { otp: '000000' }),
      'rejected',
      /INVALID_OTP at checkOtp/,
    ],
  ])('an answer %s', async (_title, put, outcome, says) => {
    change = instead(put);
    const { outcomes, stderr, code } = await causesOf();
    expect(outcomes).toEqual({ F7: { [outcome]: USERS } });
    expect(stderr).toMatch(new RegExp(`${USERS} flows \\(F7\\) ended as ${outcome}.*${says.source}`));
    expect(stderr.split(says).length).toBe(2);
    expect(code).toBe(99);
  });

  siblings('a code in another field is found by PF_TEST_OTP_FIELD', async () => {
    change = instead((flow) => {
      flow['mfa'] = { passcode: (flow['test'] as { otp: string }).otp };
      delete flow['test'];
    });
    const { outcomes } = await causesOf({ PF_TEST_OTP_FIELD: 'mfa.passcode' });
    expect(outcomes).toEqual({ F7: { authenticated: USERS } });
  });

  siblings('a key that the client does not have', async () => {
    change = () => undefined;
    const { outcomes, stderr } = await causesOf({ PF_REQUEST_KEY_FILE: file('rsa.pem', pemOf(KEYS.rsa.privateKey)) });
    expect(outcomes).toEqual({ F7: { rejected: USERS } });
    expect(stderr).toMatch(/12 flows \(F7\) ended as rejected.*invalid_request_object at start/);
    expect(stderr).toContain('JWKS of the client');
  });

  siblings('an object that expires in mid-run by the clock of the target: said once, and counted', async () => {
    front.close();
    await simulator.close();
    const exp = Math.floor(Date.now() / 1000) + 7200;
    // The target's clock comes to that moment some seconds after the run has begun.
    await start(7200 - 6);
    const flows = { FLOWS: '', RATE: '2', RAMP: '0s', DURATION: '10s', USERS_EXHAUSTED: 'recycle', ARRIVALS: 'even' };
    const given = { PF_REQUEST_KEY_FILE: '', PF_REQUEST_OBJECT: await signed(claimsFor(ISSUER, { exp })) };
    const ended = await pairstorm(emptyFolder(), ['run', 'load', '--json', '--allow-invalid'], {
      ...env,
      ...flows,
      ...given,
    });
    const { rejected = 0, authenticated = 0 } = resultOf(ended).outcomes['F7'] as Record<string, number>;
    expect(Math.min(rejected, authenticated), ended.stderr).toBeGreaterThan(0);
    expect(ended.stderr.match(/invalid_request_object at start/g)).toHaveLength(1);
    expect(ended.stderr).toMatch(new RegExp(`${rejected} flows? \\(F7\\) ended as rejected`));
    expect(ended.code).toBe(99);
  });
});
