import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeRunFile } from '../../record/run-file.ts';
import { emptyFolder, fewUsers, pairstorm } from './command.ts';
import type { Ended } from './command.ts';

const MARK = randomBytes(6).toString('hex');
const SECRETS = ['path', 'token', 'header', 'user', 'password'].map((what) => `${what}-${MARK}`);
const [PATH, TOKEN, HEADER, USER, PASSWORD] = SECRETS as [string, string, string, string, string];

/** A short run with one fault. */
const SHORT = [
  ...['-e', 'RATE=2', '-e', 'RAMP=0s', '-e', 'STEADY_DURATION=500ms'],
  ...['-e', 'FAULT_DURATION=500ms', '-e', 'RECOVERY_DURATION=1s'],
];
const QUICK = { TIME_SCALE: '0.01', INVENTORY: fewUsers() };

/** All files below a folder. */
function contents(folder: string): [path: string, text: string][] {
  return readdirSync(folder).flatMap((name): [string, string][] => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? contents(path) : [[path, readFileSync(path, 'utf8')]];
  });
}

/** Fails where anything below the folder or on the terminal holds one of the secrets. */
function expectNoSecret(folder: string, { stdout, stderr }: Ended): void {
  for (const [place, text] of [...contents(folder), ['stdout', stdout], ['stderr', stderr]] as const) {
    expect(
      SECRETS.filter((secret) => text.includes(secret)),
      place,
    ).toEqual([]);
    // The path of the process that runs the commands of --on-fault-start.
    expect(text, place).not.toMatch(/\/[0-9a-f]{32}\b/);
  }
}

const settingsOf = (home: string): Readonly<Record<string, string>> => {
  const [, text] = contents(home).find(([path]) => path.endsWith('run.json'))!;
  return decodeRunFile(JSON.parse(text), 'run.json').settings;
};

describe('What lets one in at a hook, a bridge or a gateway is told nowhere', () => {
  const asked: string[] = [];
  const hook = createServer((request, response) => {
    asked.push(request.url ?? '');
    request.resume();
    response.writeHead(204).end();
  });
  let origin = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(hook.address() as AddressInfo).port}`;
  });
  afterAll(() => void hook.close());

  it('where commands of the user make the fault', async () => {
    const home = emptyFolder();
    const commands = ['--on-fault-start', 'true', '--on-fault-end', 'true'];
    const ended = await pairstorm(
      home,
      ['run', 'resilience', ...SHORT, ...commands, '--gate', '--verbose', '--allow-invalid'],
      QUICK,
    );
    expect([0, 99], ended.stderr).toContain(ended.code);
    expectNoSecret(home, ended);
    expect(settingsOf(home)['FAULT_START_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/…$/);
    expect(contents(home).map(([path]) => path.split('/').at(-1))).toEqual(
      expect.arrayContaining(['run.json', 'report.html', 'junit.xml', 'report.md', 'result.json', 'summary.json']),
    );
  });

  it('where a hook with a path makes it, and headers have values', async () => {
    const home = emptyFolder();
    const outputs = ['--out', 'json=samples.json', '--out', 'csv=samples.csv'];
    const ended = await pairstorm(
      home,
      ['run', 'resilience', ...SHORT, '--gate', '--verbose', '--allow-invalid', ...outputs],
      {
        ...QUICK,
        FAULT_START_URL: `${origin}/${PATH}/start`,
        FAULT_END_URL: `${origin}/${PATH}/end`,
        PF_HEADERS: `X-Environment: ${HEADER}; X-Team: sso`,
      },
    );
    expect([0, 99], ended.stderr).toContain(ended.code);
    expect(asked.slice(0, 2)).toEqual([`/${PATH}/start`, `/${PATH}/end`]);
    expectNoSecret(home, ended);
    expect(settingsOf(home)).toMatchObject({
      FAULT_START_URL: `${origin}/…`,
      FAULT_END_URL: `${origin}/…`,
      PF_HEADERS: 'X-Environment: …; X-Team: …',
    });
  });

  const inQuery = { DEVICE_DRIVER: 'bridge', BRIDGE_URL: `http://127.0.0.1:1/b?token=${TOKEN}@x` };
  const ofUser = { DEVICE_DRIVER: 'bridge', BRIDGE_URL: `http://${USER}:${PASSWORD}@127.0.0.1:1/b` };
  it.each([
    ['FAULT_START_URL', 'resilience', 'query', { start: `/${PATH}?token=${TOKEN}` }],
    ['FAULT_START_URL', 'resilience', 'path of what is not a URL', { start: undefined }],
    ['BRIDGE_URL', 'smoke', 'query', inQuery],
    ['BRIDGE_URL', 'smoke', 'user', ofUser],
    ['PF_BASE_URL', 'smoke', 'query', { PF_BASE_URL: `http://127.0.0.1:1?token=${TOKEN}#${TOKEN}` }],
    ['PF_BASE_URL', 'smoke', 'user', { PF_BASE_URL: `http://${USER}:${PASSWORD}@127.0.0.1:1/pf` }],
  ] as const)('where %s is refused in %s because of its %s', async (name, scenario, _what, how) => {
    const home = emptyFolder();
    const url = 'start' in how ? (how.start === undefined ? `chaos.test/${PATH}` : `${origin}${how.start}`) : '';
    const env = 'start' in how ? { FAULT_START_URL: url, FAULT_END_URL: url } : how;
    const ended = await pairstorm(home, ['run', scenario, '--verbose'], { ...QUICK, ...env });
    expect(ended.stderr).toMatch(new RegExp(`${name} is .*; write `));
    expect(ended.code).toBe(104);
    expectNoSecret(home, ended);
  });
});
