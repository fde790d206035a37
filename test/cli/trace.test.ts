import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { FailureRecord } from '../../contract/failure-line.ts';
import { encodeInventory } from '../../contract/inventory.ts';
import { people } from '../lib/deployment/stage.ts';
import { emptyFolder, pairstorm } from './command.ts';

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
/** The first user plays F1; nobody plays F15. */
const PEOPLE = (() => {
  const inventory = people('F1', 'F7', 'F10');
  return {
    ...inventory,
    users: [...inventory.users].sort((a, b) => Number(a.kind.slice(1)) - Number(b.kind.slice(1))),
  };
})();
const LAST = PEOPLE.users.length - 1;
const ENV = { INVENTORY, TIME_SCALE: '0.1', PUSH_DECIDED_BY: 'poll' };
/** Without latency; no lifetime decides what comes of a flow on a busy machine. */
const QUICK = ['latency=off', 'pushMs=600000', 'flowIdleMs=600000'].flatMap((key) => ['--simulator-option', key]);
/** Flows of this deployment end as nobody was expected to. */
const UNMAPPED = ['--simulator-option', 'statusAttribute=none'];

/** A run with failed flows, and the first of them. */
let failures = '';
let record: FailureRecord;

beforeAll(async () => {
  writeFileSync(INVENTORY, encodeInventory(PEOPLE));
  const flow = ['-e', 'FLOWS=1', '-e', 'VUS=1', '--workers', '0', '--allow-invalid'];
  const { code, stderr } = await pairstorm(folder, ['run', 'smoke', ...flow, ...QUICK, ...UNMAPPED], ENV);
  expect(code, stderr).toBe(99);
  const run = readdirSync(join(folder, 'results'))[0]!;
  failures = join(folder, 'results', run, 'failures.jsonl');
  record = JSON.parse(readFileSync(failures, 'utf8').split('\n')[0]!) as FailureRecord;
  failuresFile('other.jsonl', { ...record, inventory: { ...record.inventory, seed: 4 } });
});

/** Writes a file of failed flows. */
function failuresFile(name: string, ...lines: readonly (object | string)[]): string {
  const path = join(folder, name);
  const texts = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
  writeFileSync(path, `${texts.join('\n')}\n`);
  return path;
}

describe.concurrent('pairstorm trace', () => {
  it('tells each request of a flow, its answer, its time, its cookies', async () => {
    const { code, stdout, stderr } = await pairstorm(folder, ['trace', '--kind', 'F10', ...QUICK], ENV);
    const steps = [...stdout.matchAll(/^ ?\d+ +[\d.]+ s {2}(\w+) {2}(GET|POST) (\S+)$/gm)].map(([, step]) => step);
    expect(stderr).toBe('');
    expect(steps.filter((step) => step !== 'poll')).toEqual([
      ...['start', 'checkUsernamePassword', 'authenticate', 'continueAuthentication', 'token'],
    ]);
    expect(stdout).toMatch(/^F10 .*; user \d+ of people\.json, seed 21; expected: authenticated$/m);
    expect(stdout).toMatch(
      /→ 200 USERNAME_PASSWORD_REQUIRED in [\d.]+ ms\n {4}session PF new\n {4}offers {2}checkUsern/,
    );
    expect(stdout).toMatch(/sent {4}username, password\n {4}with {4}PF\n {4}→ 200 AUTHENTICATION_REQUIRED/);
    expect(stdout).toMatch(/session PF renewed/);
    expect(stdout).toMatch(/✓ authenticated \(token received\), as expected; \d+ requests, /);
    expect(code).toBe(0);
  });

  it('plays the user of a failed flow again', async () => {
    const args = ['trace', '--from', failures, ...QUICK];
    const [again, mended] = await Promise.all([
      pairstorm(folder, [...args, ...UNMAPPED], ENV),
      pairstorm(folder, args, ENV),
    ]);
    const recorded = new RegExp(`^recorded unverified \\(.*\\) in run ${record.run}, last step token 200$`, 'm');
    for (const { stdout } of [again, mended]) {
      expect(stdout).toContain(`${record.kind} `);
      expect(stdout).toContain(`; user ${record.user} of people.json, seed 21; expected: ${record.prescribed}\n`);
      expect(stdout).toMatch(recorded);
    }
    expect(again.stdout).toMatch(/✗ unverified .*\n {2}the flow ended as in the run\n$/);
    expect(mended.stdout).toMatch(/✓ .*, as expected; .*\n {2}it ended differently in the run: unverified\n$/);
    expect([again.code, mended.code]).toEqual([99, 0]);
  });

  it('takes nothing from a file of failed flows but what is checked, and no control character', async () => {
    const hostile = { ...record, run: '\u001b[2Jgone', reason: 'a\u001b]0;title\u0007\nb\u009b31m' };
    const path = failuresFile('hostile.jsonl', hostile);
    const { code, stdout } = await pairstorm(folder, ['trace', '--from', path, ...QUICK], ENV);
    expect(stdout).toMatch(/^recorded unverified \(a.*b.*\) in run .*gone, last step token 200$/m);
    // eslint-disable-next-line no-control-regex
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    expect(code).toBe(0);
  });

  it.each([
    ['an unknown kind', ['--kind', 'F99'], /--kind is "F99"; allowed: F1, F2/],
    [
      'a kind that nobody plays',
      ['--kind', 'F15'],
      /--kind F15: no user of the inventory plays it; available: F1, F7, F10/,
    ],
    ['a user who is not there', ['--user', '60'], new RegExp(`--user is 60; the inventory has users 0 to ${LAST}\n`)],
    ['a user by name', ['--user', 'ada'], /whole number from 0/],
    ['two flags that disagree', ['--user', '0', '--kind', 'F7'], /--user 0 plays F1, not F7/],
    ['--flow alone', ['--flow', '2'], /--flow has no effect without --from/],
    ['--from and --user', ['--from', 'x', '--user', '2'], /--user cannot be combined with --from/],
    ['a setting of a load', ['-e', 'RATE=5'], /-e RATE does not apply to trace, which makes no load/],
    ['another host than loopback', ['-e', 'PF_BASE_URL=http://10.0.0.1'], /set ALLOW_HOSTS=10\.0\.0\.1/],
    ['a target that is not there', ['-e', 'PF_BASE_URL=http://127.0.0.1:1'], /no heartbeat from/],
    ['a file that is not there', ['--from', 'none.jsonl'], /--from none\.jsonl: no such file/],
    [
      'a failed flow of another inventory',
      ['--from', 'other.jsonl'],
      /another inventory \(seed 4, here 21\); set INVENTORY/,
    ],
    ['a folder', ['--from', '.'], /--from \.: it is a folder/],
  ] as const)('refuses %s with 104 and one line', async (_title, args, says) => {
    const { code, stderr } = await pairstorm(folder, ['trace', ...args], ENV);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(104);
  });
});
