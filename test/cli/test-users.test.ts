import { appendFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeUsersCsv } from '../../contract/users-csv.ts';
import { emptyFolder, pairstorm, start } from './command.ts';
import { smallPingOne } from './small-pingone.ts';

type PingOne = Awaited<ReturnType<typeof smallPingOne>>;

/** Siblings of cases that are played here: `npm run check:test-devices` has them. */
const siblings = it.skipIf(process.env['TEST_DEVICES'] === undefined);

let pingOne: PingOne;
afterEach(() => pingOne.close());

/** A folder with the users and the token. */
function desk(count: number, token = pingOne.token): { readonly home: string; readonly ready: string } {
  const home = emptyFolder();
  const lines = Array.from(
    { length: count },
    (_, n) => `tester-${n},"secret, ${n}",${['Email', 'SMS', 'Voice'][n % 3]!}`,
  );
  writeFileSync(join(home, 'people.csv'), `username,password,test_device\n${lines.join('\n')}\n`);
  writeFileSync(join(home, 'token'), `${token}\n`);
  return { home, ready: join(home, 'ready.csv') };
}

const argsOf = (...more: readonly string[]): string[] => [
  ...['test-users', 'people.csv', ...pingOne.place, '--token-file', 'token', '--rate', '1000', ...more],
];
const make = (home: string, ...more: readonly string[]) => pairstorm(home, argsOf('--out', 'ready.csv', ...more));

/** Everybody is there once, with one test device. */
function expectMade(count: number): void {
  const users = pingOne.users();
  expect(users).toHaveLength(count);
  expect(new Set(users.map(({ username }) => username)).size).toBe(count);
  expect(users.filter(({ devices }) => devices.length === 1 && devices[0]!.testMode)).toHaveLength(count);
  expect(users.every(({ mfaEnabled }) => mfaEnabled)).toBe(true);
}

describe('test-users', () => {
  it('killed at five moments and run again makes exactly 100 users; taken away, none is left', async () => {
    pingOne = await smallPingOne();
    pingOne.slow(2);
    const { home, ready } = desk(100);
    for (const requests of [3, 55, 120, 121, 250]) {
      const running = start(home, argsOf('--out', 'ready.csv'));
      while (pingOne.times().length < requests && running.child.exitCode === null) await pause();
      running.child.kill('SIGKILL');
      await running.ended;
    }
    expect(pingOne.users().length).toBeLessThan(100);
    // As if it had been killed in the middle of a line.
    appendFileSync(ready, 'tester-99,"sec');
    const { code, stdout, stderr } = await make(home);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^100 of 100 users are ready in ready\.csv: \d+ now, \d+ before/);
    expectMade(100);
    const { users } = decodeUsersCsv(readFileSync(ready, 'utf8'), 'ready.csv');
    expect(users.map(({ username }) => username).sort()).toEqual(
      pingOne
        .users()
        .map(({ username }) => username)
        .sort(),
    );
    expect(users[1]).toMatchObject({ password: 'secret, 1', kind: 'F7', devices: [{ type: 'SMS', testMode: true }] });
    expect(statSync(ready).mode & 0o077).toBe(0);
    const running = start(home, argsOf('--remove'));
    while (pingOne.users().length > 60 && running.child.exitCode === null) await pause();
    running.child.kill('SIGKILL');
    await running.ended;
    const removed = await pairstorm(home, argsOf('--remove'));
    expect(removed.stdout).toMatch(/^\d+ of 100 users taken away, \d+ were not there/);
    expect([removed.code, pingOne.users()]).toEqual([0, []]);
  }, 120_000);

  it('the same file twice, with what is ready or without it, makes nobody twice', async () => {
    pingOne = await smallPingOne();
    const { home, ready } = desk(6);
    await make(home, '--set-passwords');
    const before = pingOne.times().length;
    expect((await make(home)).stdout).toContain('6 of 6 users are ready in ready.csv: 0 now, 6 before');
    expect(pingOne.times().length).toBe(before);
    rmSync(ready);
    expect((await make(home)).stdout).toContain('6 of 6 users are ready in ready.csv: 6 now, 0 before');
    expectMade(6);
    expect(pingOne.users()[2]!.password).toBe('secret, 2');
  });

  it('a user whom PingOne refuses is told with line and cause, and the others are made', async () => {
    pingOne = await smallPingOne({
      before: ({ method, path, body }) =>
        method === 'POST' && path === '/users' && body['username'] === 'tester-39'
          ? { status: 400, body: { code: 'INVALID_DATA', details: [{ code: 'INVALID_VALUE', target: 'username' }] } }
          : undefined,
    });
    const { home } = desk(60);
    const { code, stdout, stderr } = await make(home);
    expect(stderr).toContain('error: line 41: PingOne refused: HTTP 400, INVALID_DATA/INVALID_VALUE at username');
    expect(stdout).toContain('59 of 60 users are ready');
    expect(code).toBe(104);
    expectMade(59);
  });

  it('a token that expires half-way ends it, says how far it came, and another goes on from there', async () => {
    let expires = 40;
    pingOne = await smallPingOne({
      before: ({ n }) => (n > expires ? { status: 401, body: { code: 'ACCESS_FAILED' } } : undefined),
    });
    const { home } = desk(30);
    const first = await make(home);
    expect(first.stderr).toMatch(/^error: PingOne refuses the token \(HTTP 401\) after 13 of 30 users/);
    expect(first.stderr + first.stdout).not.toContain(pingOne.token);
    expect(first.code).toBe(104);
    expires = Infinity;
    expect((await make(home)).stdout).toContain('30 of 30 users are ready in ready.csv: 17 now, 13 before');
    expectMade(30);
  });

  siblings(
    'asks again where PingOne is busy or an answer is lost, and makes no device twice',
    async () => {
      const seen = new Set<string>();
      pingOne = await smallPingOne({
        before: ({ method, path, body }) => {
          const key = `${method} ${path} ${JSON.stringify(body)}`;
          if (method === 'GET' || seen.has(key)) return undefined;
          seen.add(key);
          if (path === '/users' && body['username'] === 'tester-1')
            return { status: 429, headers: { 'retry-after': '1' } };
          if (path === '/users' && body['username'] === 'tester-2') return 'cut after';
          return path.endsWith('/devices') ? 'cut after' : undefined;
        },
      });
      const { home } = desk(4);
      const { code, stderr } = await make(home);
      expect(code, stderr).toBe(0);
      expectMade(4);
    },
    60_000,
  );

  siblings('leaves users alone whom it did not make', async () => {
    pingOne = await smallPingOne();
    pingOne.add('tester-1');
    const { home } = desk(3);
    const made = await make(home);
    expect(made.stderr).toContain('error: line 3: a user of this name exists whom this command did not make');
    expect([made.code, pingOne.users().find(({ username }) => username === 'tester-1')?.devices]).toEqual([104, []]);
    const removed = await pairstorm(home, argsOf('--remove'));
    expect(removed.stderr).toContain('is left alone');
    expect(pingOne.users().map(({ username }) => username)).toEqual(['tester-1']);
  });

  siblings('prints a plan first, without a token, a password or a request', async () => {
    pingOne = await smallPingOne();
    const { home, ready } = desk(9);
    const args = ['test-users', 'people.csv', ...pingOne.place, '--policy', 'p-7', '--set-passwords', '--dry-run'];
    const { code, stdout } = await pairstorm(home, args);
    expect(code).toBe(0);
    expect(stdout).toContain('9 users with a test device each: 3 Email, 3 SMS, 3 Voice');
    expect(stdout).toMatch(/^36 requests to .*, at 10\/s in about 4 s; for the first user:$/m);
    expect(stdout).toContain(
      'POST /users/{id}/devices {"type":"EMAIL","email":"tester-0@example.com","testMode":true,"status":"ACTIVE","policy":{"id":"p-7"}}',
    );
    expect(stdout).not.toContain('secret');
    expect([pingOne.times(), existsSync(ready)]).toEqual([[], false]);
  });

  siblings('keeps to its rate', async () => {
    pingOne = await smallPingOne();
    const { home } = desk(4);
    await make(home, '--rate', '20');
    const times = pingOne.times();
    expect(times.at(-1)! - times[0]!).toBeGreaterThanOrEqual((times.length - 1) * 50 - 20);
  });

  siblings.each<[string, string | undefined, readonly string[], RegExp]>([
    ['a population that PingOne does not know', undefined, ['--population', 'x'], /10 users in a row were refused/],
    ['a file twice the same user', 'username,password\na,b\nA,c\n', [], /line 3 repeats the user of line 2/],
    [
      'a device that can be no test device',
      'username,password,test_device\na,b,TOTP\n',
      [],
      /line 2: test_device is not one/,
    ],
    ['a kind of flow that needs a phone', 'username,password,kind\na,b,F1\n', [], /line 2: kind is not F7/],
    [
      'a phone number that is none',
      'username,password,test_device,phone\na,b,SMS,12\n',
      [],
      /line 2: phone is not usable/,
    ],
    [
      'a phone number for all that is none',
      undefined,
      ['--phone', '12'],
      /'--phone <number>' argument '12' is invalid/,
    ],
    ['nothing', '\n', [], /people\.csv is empty; expected a line with the columns/],
    ['no columns', 'ada,secret\n', [], /line 1 must name the columns/],
    ['http to another machine', undefined, ['--api', 'http://api.pingone.com/v1'], /Write https/],
    [
      'nobody there',
      undefined,
      ['--api', 'http://127.0.0.1:1/v1'],
      /did not serve a request in 6 attempts: ECONNREFUSED/,
    ],
    ['a token file with something else', undefined, ['--token-file', 'people.csv'], /people\.csv: it is not a token/],
    ['a result that is another file', undefined, ['--out', 'token'], /was not written by this command/],
    [
      'a result that is the file itself',
      'username,password,kind,test_device\na,b,F7,SMS\n',
      ['--out', './people.csv'],
      /--out \.\/people\.csv is the file of the users to be made/,
    ],
  ])(
    '%s: refused, in one line',
    async (_title, csv, more, says) => {
      pingOne = await smallPingOne();
      const { home } = desk(12);
      if (csv !== undefined) writeFileSync(join(home, 'people.csv'), csv);
      const { code, stderr } = await make(home, ...more);
      expect(stderr).toMatch(says);
      expect(stderr).not.toMatch(/secret|worker-token/);
      expect(code).toBe(104);
    },
    60_000,
  );
});

const pause = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 1));

it('goes by the proxies of the environment, and says which cannot be used', async () => {
  pingOne = await smallPingOne();
  const { home } = desk(1);
  const args = argsOf('--out', 'ready.csv', '--api', 'https://api.example.invalid/v1');
  const { code, stderr } = await pairstorm(home, args, { HTTPS_PROXY: 'socks5://127.0.0.1:1' });
  expect([code, stderr]).toEqual([104, expect.stringMatching(/^error: HTTPS_PROXY .*\n$/)]);
});
