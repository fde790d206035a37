import { FAILURE_PREFIX } from '../../../contract/failure-line.ts';
import { encodeInventory } from '../../../contract/inventory.ts';
import type { Inventory, InventoryUser } from '../../../contract/inventory.ts';
import { ofStep, selector } from '../../../contract/selector.ts';
import { decodeUsersCsv } from '../../../contract/users-csv.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { failureOnLine } from '../../../record/failures-file.ts';
import { onStage, people } from '../deployment/stage.ts';
import { startBridge } from '../device/reference-bridge.ts';
import { askedFor, json, meet } from './hostile-stage.ts';
import type { Answer } from './hostile-stage.ts';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-earned-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
const fileOf = (content: string, end = 'json'): string => {
  const path = join(folder, `${files++}.${end}`);
  writeFileSync(path, content);
  return path;
};

const drawn = makeInventory({ users: 60, seed: 21, version: 'test' });
const usersOf = (kind: string, prescribed: string): InventoryUser[] =>
  drawn.users.filter((user) => user.kind === kind && user.prescribed === prescribed);
/** Someone who types the code of an authenticator app, right at once. */
const TOTP = usersOf('F7', 'authenticated').find(
  ({ devices, behaviour }) => devices[0]?.secret !== undefined && behaviour.otp?.wrong === 0,
)!;
/** A file of so many copies of a user, each with a name of their own. */
const crowd = (user: InventoryUser, n: number, change: Partial<InventoryUser> = {}): string => {
  const users = Array.from({ length: n }, (_, at) => ({ ...user, ...change, username: `${user.username}-${at}` }));
  return fileOf(encodeInventory({ ...drawn, users }));
};

const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const value = (status: string): object => ({ 'pingone.mfa.status': `com.pingidentity.pingone.${status}` });

/** States by the action that leads to them; `start`: the first. */
type States = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A deployment whose flows go as told, and whose tokens carry these claims. */
function deployment(states: States, claims: object): Answer {
  return (request, response) => {
    const action = askedFor(request);
    if (request.url === '/as/token.oauth2')
      json(200, { access_token: jwt(claims), token_type: 'Bearer' })(request, response);
    else if (request.url!.startsWith('/phone/')) json(200, { deviceId: 'd', otp: '123456' })(request, response);
    else if (states[action] === undefined) json(400, { code: 'INVALID_ACTION_ID' })(request, response);
    else json(200, { id: 'abc12', ...states[action] })(request, response);
  };
}

const FIRST = { start: { status: 'USERNAME_PASSWORD_REQUIRED' } };
const DONE = { status: 'COMPLETED', authorizeResponse: { code: 'c' } };

const valuesOf = ({ result }: Awaited<ReturnType<typeof meet>>, metric: string): Readonly<Record<string, number>> =>
  result.summary.metrics[metric]?.values ?? {};
const outcomesOf = ({ table }: Awaited<ReturnType<typeof meet>>): unknown => table.outcomes;
const failuresOf = (lines: readonly string[]) =>
  lines
    .filter((line) => line.startsWith(FAILURE_PREFIX))
    .map((line) => failureOnLine(line.slice(FAILURE_PREFIX.length), 1, 'the console'));

describe('a flow that is let in without its factor', () => {
  const otp = TOTP;
  const due = { status: 'OTP_REQUIRED', selectedDeviceRef: { id: TOTP.devices[0]!.id } };
  const challenge = { ...FIRST, checkUsernamePassword: { status: 'AUTHENTICATION_REQUIRED' } };
  test.each<readonly [string, States, object]>([
    ['behind the password', { ...FIRST, checkUsernamePassword: DONE }, value('web_login_no_devices')],
    ['behind the password, as by a factor', { ...FIRST, checkUsernamePassword: DONE }, value('web_login_sms')],
    ['without a word of it', { ...FIRST, checkUsernamePassword: DONE }, {}],
    [
      'by MFA_COMPLETED at once',
      { ...challenge, authenticate: { status: 'MFA_COMPLETED' }, continueAuthentication: DONE },
      value('mfa_bypassed_user_mfa_disabled'),
    ],
    [
      'by a factor that was asked for, and a value that says otherwise',
      { ...challenge, authenticate: due, checkOtp: DONE },
      value('mfa_completed_externally'),
    ],
  ])('%s is bypassed, and fails smoke', async (_title, states, claims) => {
    const met = await meet(deployment(states, claims), { INVENTORY: crowd(otp, 4), FLOWS: '4', TIME_SCALE: '0.001' });
    expect(outcomesOf(met)).toEqual({ F7: { bypassed: 4 } });
    expect(valuesOf(met, 'outcome_mismatch')).toMatchObject({ passes: 4, fails: 0 });
    // Its outcome says it: it is not off its path as well.
    expect(valuesOf(met, 'off_path')).toMatchObject({ count: 0 });
    expect(met.result.exit).toBe('thresholds_failed');
    expect(failuresOf(met.lines)[0]).toMatchObject({ outcome: 'bypassed', at: 'COMPLETED' });
  });

  test('says the value and the reason that the token gives', async () => {
    const claims = { ...value('mfa_bypassed_invalid_user'), 'pingone.mfa.status.reason': 'USER_NOT_FOUND' };
    const met = await meet(deployment({ ...FIRST, checkUsernamePassword: DONE }, claims), {
      INVENTORY: crowd(otp, 1),
      FLOWS: '1',
    });
    expect(failuresOf(met.lines)[0]!.reason).toBe(
      'let in before a factor was used: mfa_bypassed_invalid_user (USER_NOT_FOUND)',
    );
  });

  test('is as expected where the inventory says so', async () => {
    const met = await meet(deployment({ ...FIRST, checkUsernamePassword: DONE }, value('web_login_no_devices')), {
      INVENTORY: crowd(otp, 3, { prescribed: 'bypassed' }),
      FLOWS: '3',
    });
    expect(outcomesOf(met)).toEqual({ F7: { bypassed: 3 } });
    expect(failuresOf(met.lines)).toEqual([]);
  });

  test('only now and then, as under load, is counted flow by flow', async () => {
    let flows = 0;
    const asks = {
      ...challenge,
      authenticate: due,
      checkOtp: DONE,
    };
    const right = deployment(asks, value('web_login_sms'));
    const let_in = deployment({ ...FIRST, checkUsernamePassword: DONE }, value('web_login_sms'));
    const met = await meet(
      (request, response) => {
        const signsIn = request.headers['content-type']?.includes('checkUsernamePassword') === true;
        (signsIn && ++flows % 3 === 0 ? let_in : right)(request, response);
      },
      { INVENTORY: crowd(otp, 9), FLOWS: '9', TIME_SCALE: '0.001' },
    );
    expect(outcomesOf(met)).toEqual({ F7: { authenticated: 6, bypassed: 3 } });
  });

  test('the payload of a paired phone is a factor, and no other phone’s', async () => {
    const states = {
      ...challenge,
      authenticate: { status: 'MFA_COMPLETED', code: 'device_authorized' },
      continueAuthentication: DONE,
    };
    const answer = deployment(states, value('device_authorized'));
    const play = async (user: InventoryUser) =>
      outcomesOf(await meet(answer, { INVENTORY: crowd(user, 2), FLOWS: '2', TIME_SCALE: '0.001' }));
    expect(await play(usersOf('F10', 'authenticated')[0]!)).toEqual({ F10: { authenticated: 2 } });
    expect(await play(usersOf('F4', 'device_paired')[0]!)).toEqual({ F4: { bypassed: 2 } });
  });
});

describe('a state that nobody drives', () => {
  const totp = TOTP;
  const device = (type: string, id: string) => ({ id, type });
  const links = (...actions: string[]) => Object.fromEntries(['self', ...actions].map((name) => [name, { href: 'x' }]));
  const enter = { status: 'OTP_REQUIRED', selectedDeviceRef: { id: totp.devices[0]!.id } };
  const passkey = {
    status: 'ASSERTION_REQUIRED',
    devices: [device('FIDO2', 'key'), device('TOTP', totp.devices[0]!.id)],
    _links: links('selectDevice', 'cancelAuthentication'),
  };
  const plays = (states: States, claims: object = value('web_login_otp')) =>
    meet(deployment({ ...FIRST, ...states }, claims), { INVENTORY: crowd(totp, 2), FLOWS: '2', TIME_SCALE: '0.001' });

  test('is left by another device that the user has, and the flow goes on', async () => {
    const met = await plays({ checkUsernamePassword: passkey, selectDevice: enter, checkOtp: DONE });
    expect(outcomesOf(met)).toEqual({ F7: { authenticated: 2 } });
    expect(valuesOf(met, 'off_path')).toMatchObject({ count: 0 });
  });

  test.each<readonly [string, States, string]>([
    ['cancelled', { cancelAuthentication: { status: 'FAILED' } }, 'cancelAuthentication'],
    ['cancelled to a fail branch', { cancelAuthentication: { status: 'IDENTIFIER_REQUIRED' } }, 'cancelAuthentication'],
    ['skipped', { skipMfa: DONE }, 'skipMfa'],
    ['left, where nothing is offered', {}, 'poll'],
  ])('is %s, and named', async (_title, states, offered) => {
    const stop = { status: 'PIN_REQUIRED', _links: links(offered) };
    const met = await plays({ checkUsernamePassword: stop, ...states });
    expect(outcomesOf(met)).toEqual({ F7: { not_driven: 2 } });
    expect(failuresOf(met.lines)[0]).toMatchObject({ reason: 'PIN_REQUIRED: no handler (PF_CUSTOM_STATUS)' });
    expect(valuesOf(met, 'off_path')).toMatchObject({ count: 0 });
    expect(met.result.exit).toBe('thresholds_failed');
  });

  test('among the devices to select is not taken where another one can be served', async () => {
    const { devices } = passkey;
    const met = await meet(
      deployment(
        {
          ...FIRST,
          checkUsernamePassword: { status: 'DEVICE_SELECTION_REQUIRED', devices, _links: links('selectDevice') },
          selectDevice: enter,
          checkOtp: DONE,
        },
        value('web_login_otp'),
      ),
      { INVENTORY: crowd(totp, 1), FLOWS: '1', TIME_SCALE: '0.001' },
    );
    expect(outcomesOf(met)).toEqual({ F7: { authenticated: 1 } });
    // One who has a single device is not asked which.
    expect(failuresOf(met.lines)[0]).toMatchObject({
      outcome: 'authenticated',
      offPath: { status: 'DEVICE_SELECTION_REQUIRED', path: 'unexpected' },
    });
  });

  test('a code of a policy’s fail branch is not a broken protocol: a cancelled flow was cancelled', async () => {
    const user = usersOf('F11', 'cancelled').find(({ behaviour }) => behaviour.leave?.at === 'AUTHENTICATION_REQUIRED');
    const states = {
      ...FIRST,
      checkUsernamePassword: { status: 'AUTHENTICATION_REQUIRED' },
      cancelAuthentication: { status: 'USERNAME_PASSWORD_REQUIRED' },
    };
    const met = await meet(deployment(states, {}), { INVENTORY: crowd(user!, 2), FLOWS: '2', TIME_SCALE: '0.001' });
    expect(outcomesOf(met)).toEqual({ F11: { cancelled: 2 } });
  });
});

describe('users of a CSV file', () => {
  const CSV = 'username,password,kind\nada,pw-1,F1\nbob,pw-2,F1\ncid,pw-3,F1\n';
  const played = (csv: string, known: Inventory, twice: boolean, can?: readonly string[]) =>
    onStage(known, async (stage) => {
      const bridge = await startBridge(stage.phone, can === undefined ? {} : { can });
      const env = { INVENTORY: fileOf(csv, 'csv'), DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url };
      try {
        const first = await stage.play(env);
        return { first, second: twice ? await stage.play(env) : undefined };
      } finally {
        bridge.close();
      }
    });

  test('who pair their first phone are off the path the second time, where nobody puts them back', async () => {
    const can = ['payload', 'pair', 'decide', 'code'];
    const { first, second } = await played(CSV, decodeUsersCsv(CSV, 'people.csv'), true, can);
    expect(first.table.outcomes).toEqual({ F1: { device_paired: 3 } });
    expect(first.result.exit, first.lines.join('\n')).toBe('pass');
    // On the wire all is as the first time; but they were asked for a push, and paired one more.
    expect(second!.table.outcomes).toEqual({ F1: { device_paired: 3 } });
    const { metrics } = second!.result.summary;
    expect(metrics['off_path']!.values['count']).toBe(3);
    expect(metrics['outcome_mismatch']!.values).toMatchObject({ passes: 3, fails: 0 });
    expect(second!.result.exit).toBe('thresholds_failed');
    const [failure] = failuresOf(second!.lines);
    expect(failure).toMatchObject({ offPath: { status: 'PUSH_CONFIRMATION_WAITING', path: 'unexpected' } });
    expect(failure!.reason).toContain('unexpected for its kind: PUSH_CONFIRMATION_WAITING');
  });

  test('are as they were where the bridge can put them back, which is said aloud', async () => {
    const { first, second } = await played(CSV, decodeUsersCsv(CSV, 'people.csv'), true);
    for (const run of [first, second!]) {
      expect(run.lines).toContain('accounts reset: 3 planned users, by the bridge');
      expect(run.table.outcomes).toEqual({ F1: { device_paired: 3 } });
      expect(run.result.exit, run.lines.join('\n')).toBe('pass');
    }
  });

  test('without a kind expect nothing: no flow of theirs is wrong, and what they were asked for is told', async () => {
    const known = decodeUsersCsv(
      'username,password,kind,totp_secret\nada,p,F10,\nbob,p,F7,JBSWY3DPEHPK3PXP\ncid,p,F11,\n',
      'people.csv',
    );
    const csv = 'username,password,platform,totp_secret\nada,p,,\nbob,p,,JBSWY3DPEHPK3PXP\ncid,p,Android,\n';
    const { first } = await played(csv, known, false);
    const { metrics } = first.result.summary;
    const found = (path: string) => metrics[`paths_found{found:${path}}`]?.values['count'];
    expect(first.lines.filter((line) => line.startsWith(FAILURE_PREFIX))).toEqual([]);
    expect([found('push'), found('otp'), found('pairing')], first.lines.join('\n')).toEqual([1, 1, 1]);
    expect(metrics['outcome_mismatch']!.values).toMatchObject({ passes: 0, fails: 0 });
    expect(metrics['off_path']!.values['count']).toBe(0);
    // A threshold that nothing can be judged by is none.
    expect(first.result.thresholds.some(({ metric }) => metric === 'outcome_mismatch')).toBe(false);
    expect(first.result.exit).toBe('pass');
  });
});

test('two smokes in a row against one simulator both pass: accounts are put back before the first flow', async () => {
  await onStage(people('F1', 'F2', 'F10'), async (stage) => {
    for (let run = 0; run < 2; run++) {
      const { result, lines } = await stage.play({});
      expect(lines[0]).toMatch(/^accounts reset: \d+ planned users, by the simulator's phone API$/);
      expect(result.exit, lines.join('\n')).toBe('pass');
    }
  });
});

test('a simulator with other users than the inventory is refused before the first flow', async () => {
  await onStage(people('F1'), async (stage) => {
    const { result } = await stage.play({ INVENTORY: fileOf(encodeInventory(people('F7'))) });
    expect(result.reason).toContain('does not know the users of this INVENTORY');
    expect(result.exit).not.toBe('pass');
  });
});

test('a phone that cannot be paired says why: the user has as many devices as are allowed', async () => {
  const states = {
    ...FIRST,
    checkUsernamePassword: { status: 'MOBILE_PAIRING_REQUIRED', serverPayload: 'p' },
    continueAuthentication: DONE,
  };
  const answer = deployment(states, value('pairing_error'));
  const met = await meet(
    (request, response) =>
      (request.url === '/phone/pair' ? json(400, { code: 'DEVICE_LIMIT', message: '' }) : answer)(request, response),
    { INVENTORY: crowd(usersOf('F1', 'device_paired')[0]!, 1), FLOWS: '1', TIME_SCALE: '0.001' },
  );
  expect(failuresOf(met.lines)[0]).toMatchObject({
    outcome: 'pairing_error',
    reason: 'DEVICE_LIMIT at pair (the user has reached the device limit)',
    at: 'COMPLETED',
  });
});

test('how fast a target refuses is not latency: a server that is full beside one that answers', async () => {
  let starts = 0;
  const full = json(503, { code: 'UNEXPECTED_ERROR' });
  const slow: Answer = (request, response) =>
    void setTimeout(
      () => deployment({ ...FIRST, checkUsernamePassword: { status: 'FAILED' } }, {})(request, response),
      60,
    );
  const met = await meet(
    (request, response) =>
      (request.url!.startsWith('/as/authorization') && ++starts % 2 === 0 ? full : slow)(request, response),
    { INVENTORY: crowd(usersOf('F1', 'device_paired')[0]!, 10), FLOWS: '10', TIME_SCALE: '0.001' },
  );
  expect(valuesOf(met, selector('http_req_duration', ofStep('start')))).toMatchObject({ count: 5 });
  expect(valuesOf(met, selector('http_req_duration', ofStep('start')))['min']).toBeGreaterThan(50);
  expect(valuesOf(met, 'http_req_failed{name:start,peer:pf}')).toMatchObject({ passes: 5, fails: 5 });
});

test('an option that makes exceptions of failed requests is refused by name', async () => {
  await onStage(people('F1'), async (stage) => {
    const { result } = await stage.play({}, { optionLayers: [{ source: 'flags', values: { throw: true } }] });
    expect([result.exit, result.reason]).toEqual(['invalid_configuration', expect.stringContaining('options.throw')]);
  });
});

test('smoke asks for the kinds of the users whom it plays: ten flows of many kinds pass', async () => {
  await onStage(people('F1', 'F2', 'F10', 'F11'), async (stage) => {
    const { result, lines } = await stage.play({ FLOWS: '2' });
    expect(result.exit, lines.join('\n')).toBe('pass');
  });
});

test.each([
  ['bodies are discarded', { discardResponseBodies: true }, 'pass'],
  ['setup() was skipped', { noSetup: true }, 'aborted'],
] as const)('an option that takes the ground away does no harm: %s', async (_title, options, exit) => {
  await onStage(people('F1', 'F10'), async (stage) => {
    const { result } = await stage.play({}, { optionLayers: [{ source: 'flags', values: options }] });
    expect(result.exit, result.reason).toBe(exit);
    if (exit === 'aborted') expect(result.reason).toContain('setup() was skipped (--no-setup or K6_NO_SETUP)');
  });
});
