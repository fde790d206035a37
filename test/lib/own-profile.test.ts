import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeProfile } from '../../lib/own-profile.ts';
import { pairstorm } from '../cli/command.ts';
import { askedFor, inventoryOf, json, meet } from './flow/hostile-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'pairstorm-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const waits = json(200, { id: 'abc12', status: 'PUSH_CONFIRMATION_WAITING', _links: { cancelAuthentication: {} } });

test('an own app is a profile file: what it says is played, the rest is like the client that it names', async () => {
  const seen: string[] = [];
  const agents = new Set<string>();
  const app = {
    ...{ like: 'android', startType: 'application/x-www-form-urlencoded', startParametersIn: 'form' },
    ...{ userAgent: 'MyApp/7.1', waitsBy: 'read', pollEveryMs: 20, maxPolls: 3 },
  };
  const { table } = await meet(
    (request, response) => {
      if (request.url!.startsWith('/as/token')) {
        json(400, { error: 'invalid_grant' })(request, response);
        return;
      }
      seen.push(askedFor(request), request.headers['content-type'] ?? '');
      agents.add(request.headers['user-agent']!);
      waits(request, response);
    },
    { FLOWS: '1', VUS: '1', INVENTORY: inventoryOf('F1'), CLIENT_PROFILE: file('my-app.json', app) },
  );
  expect(seen).toEqual([
    ...['start', 'application/x-www-form-urlencoded'],
    ...['GET', '', 'GET', '', 'GET', ''],
    ...['cancelAuthentication', 'application/vnd.pingidentity.cancelAuthentication+json'],
  ]);
  expect([...agents]).toEqual(['MyApp/7.1 pairstorm']);
  expect(Object.values(table.outcomes)).toEqual([{ timed_out: 1 }]);
});

describe('a profile file that cannot be used is refused, and the place named', () => {
  test.each<readonly [string, unknown, string]>([
    ['no JSON', '{"like": ', 'it is not JSON; expected an object like {"like": "android", "pollEveryMs": 3000}'],
    ['a list', [], 'it is an empty list; expected an object'],
    ['nothing it is like', { pollEveryMs: 3000 }, 'like is missing; expected one of android, ios, browser'],
    ['another client', { like: 'windows' }, 'like is "windows"; expected one of android, ios, browser'],
    ['an interval of 0', { like: 'ios', pollEveryMs: 0 }, 'pollEveryMs is 0; expected 10 to 600000'],
    ['a negative interval', { like: 'ios', pollEveryMs: -1 }, 'pollEveryMs is -1; expected 10 to 600000'],
    [
      'an interval of a day',
      { like: 'ios', pollEveryMs: 86_400_000 },
      'pollEveryMs is 86400000; expected 10 to 600000',
    ],
    ['an interval in words', { like: 'ios', pollEveryMs: '3s' }, 'pollEveryMs is "3s"; expected 10 to 600000'],
    ['no polls', { like: 'ios', maxPolls: 0 }, 'maxPolls is 0; expected 1 to 600000'],
    ['an unknown field', { like: 'ios', pollEvery: 1 }, '"pollEvery" is not known; known: like, startBy'],
    ['a field with control characters', { like: 'ios', 'a\u001b[1m': 1 }, String.raw`"a\u001b[1m" is not known`],
    ['a field named like a built-in', '{"like": "ios", "__proto__": {}}', '"__proto__" is not known'],
    ['where facts come from', { like: 'ios', source: [] }, '"source" is not known'],
    [
      'another word',
      { like: 'ios', atError: 'retries' },
      'atError is "retries"; expected one of ends, hangs, asks_again',
    ],
    ['no list', { like: 'ios', payloadWith: 'checkOtp' }, 'payloadWith is a string; expected a list'],
    ['another action', { like: 'ios', payloadWith: ['poll'] }, 'payloadWith[0] is "poll"'],
    ['a flag in words', { like: 'ios', readsDecision: 'yes' }, 'readsDecision is "yes"; expected true or false'],
    ['a line break in a header', { like: 'ios', userAgent: 'a\r\nb' }, 'userAgent is not text for a header'],
    ['an empty header', { like: 'ios', xsrf: '' }, 'xsrf is not text for a header'],
    ['a GET with a form', { like: 'browser', startParametersIn: 'form' }, 'startParametersIn is form; expected query'],
    ['a timer in a storm', { like: 'browser', pace: 'timer' }, 'pace is timer; expected after-answer'],
  ])('%s', (_what, content, words) => {
    expect(() => decodeProfile(typeof content === 'string' ? content : JSON.stringify(content))).toThrow(words);
  });
});

test('the command finds it from where it is called, and says what else it could be', async () => {
  file('near.json', { like: 'android', pollEveryMs: 0 });
  const near = await pairstorm(folder, ['run', 'smoke', '--dry-run', '-e', 'CLIENT_PROFILE=./near.json']);
  expect(near.code).toBe(104);
  expect(near.stderr).toContain(`${folder}/near.json: pollEveryMs is 0; expected 10 to 600000`);
  const none = await pairstorm(folder, ['run', 'smoke', '--dry-run', '-e', 'CLIENT_PROFILE=none.json']);
  expect([none.code, none.stderr]).toEqual([104, expect.stringContaining('CLIENT_PROFILE: cannot read none.json')]);
  const word = await pairstorm(folder, ['run', 'smoke', '--dry-run', '-e', 'CLIENT_PROFILE=windows']);
  expect(word.code).toBe(104);
  expect(word.stderr).toContain(
    'CLIENT_PROFILE is "windows"; write inventory, android, ios or browser, or the path of a file (.json)',
  );
});
