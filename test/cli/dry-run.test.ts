import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startSimulator } from '../../simulator/simulator.ts';
import { makeInventory } from '../../population/inventory.ts';
import { startBridge } from '../lib/device/reference-bridge.ts';
import { emptyFolder, pairstorm, scriptFile, writeInventory } from './command.ts';

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
const CSV = join(folder, 'people.csv');

beforeAll(() => {
  writeInventory(INVENTORY, 300, 3);
  writeFileSync(CSV, 'username,password,totp_secret\nada,pw-1,\nbob,pw-2,JBSWY3DPEHPK3PXP\n');
});

describe('A dry run', () => {
  it('says what would be hit, how hard and for how long, and makes no load', async () => {
    const args = [
      'run',
      'load',
      '--dry-run',
      '-e',
      'RATE=10',
      '-e',
      'RAMP=10s',
      '-e',
      'DURATION=20s',
      '-e',
      'ARRIVALS=even',
    ];
    const { code, stdout, stderr } = await pairstorm(folder, args, { INVENTORY });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^target {5}http:\/\/127\.0\.0\.1:\d+ \(simulator of this run\)$/),
      'scenario   load RATE=10 RAMP=10s DURATION=20s ARRIVALS=even',
      `inventory  300 users, seed 3, ${INVENTORY}`,
      'length     10 s to reach 10 flows/s, then 20 s at that rate',
      expect.stringMatching(/^load {7}250 flow starts, up to 10\/s, up to \d+ VUs, 30 s plus graceful stop$/),
      'dry run: settings, users, target and devices are usable; no load was made',
      '',
    ]);
    expect(stdout).toBe('');
    expect(code).toBe(0);
  });

  it('of more load than the users of the package are enough for makes the users that it takes', async () => {
    const TMPDIR = emptyFolder();
    const args = ['run', 'load', '--dry-run', '-e', 'RATE=300', '-e', 'RAMP=0s', '-e', 'DURATION=30s'];
    const { code, stderr } = await pairstorm(folder, args, { TMPDIR });
    // Starts that are drawn are fewer than 300 × 30 here: the plan counts, not the mean.
    expect(stderr).toMatch(/^inventory {2}8\d{3} users, seed 7, made for this run$/m);
    expect(code).toBe(0);
    expect(readdirSync(TMPDIR)).toEqual([]);
  });

  it('asks a real deployment for its heartbeat and the bridge for what it can do, and nothing else', async () => {
    const inventory = makeInventory({ users: 60, seed: 3, version: 'test' });
    const simulator = await startSimulator({ inventory, port: 0, latency: 'off' });
    const bridge = await startBridge(`${simulator.url}/phone`);
    const env = { PF_BASE_URL: simulator.url, DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url, INVENTORY };
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--dry-run'], env);
    const counts = (await (await fetch(`${simulator.url}/admin/counts`)).json()) as { starts: number };
    bridge.close();
    await simulator.close();
    expect(stderr).toContain(`devices    bridge at ${bridge.url}`);
    expect(stderr).toMatch(/^notice {5}load that reaches PingOne must be announced/m);
    expect(stderr).toMatch(
      /^info: messages: up to \d+ SMS, \d+ emails and \d+ pushes to real people in 60 planned flows$/m,
    );
    expect(counts.starts).toBe(0);
    expect(bridge.asked.map(({ path }) => path)).toEqual(['/capabilities']);
    expect(code).toBe(0);
  });

  it('finds what a run would find before its load, with the same exit code', async () => {
    const env = { INVENTORY, PF_BASE_URL: 'http://127.0.0.1:1' };
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--dry-run', '--quiet'], env);
    expect(stderr).toMatch(/^error: PF_BASE_URL: no heartbeat from http:\/\/127\.0\.0\.1:1 /m);
    expect(code).toBe(104);
  });

  it('does not run the setup of a script that is not ours, which may do anything', async () => {
    const script = scriptFile(
      folder,
      'own.js',
      `exports.options = { vus: 2, iterations: 6 };
       exports.setup = () => console.log('setup was run');
       exports.default = () => console.log('load was made');`,
    );
    const { code, stderr } = await pairstorm(folder, ['run', script, '--dry-run', '--out', 'json=dry.json']);
    expect(stderr).toContain('load       6 iterations, up to 2 VUs, up to 10 min plus graceful stop');
    expect(stderr).toContain('dry run: script and options are usable; no load was made\n');
    expect(stderr).not.toContain('was run');
    expect(existsSync(join(folder, 'dry.json'))).toBe(false);
    expect(code).toBe(0);
    const nowhere = await pairstorm(folder, ['run', script, '--dry-run', '--out', 'json=nope/x.json']);
    expect(nowhere.stderr).toMatch(/^error: --out json=nope\/x\.json cannot be written: no such file or folder; /m);
    expect(nowhere.code).toBe(104);
  });

  it('reads users out of a CSV file, whose faults are named by line', async () => {
    const env = { INVENTORY: CSV, DEVICE_DRIVER: 'simulated', FLOWS: '2' };
    const good = await pairstorm(folder, ['run', 'smoke', '--dry-run'], env);
    expect(good.stderr).toContain(`inventory  2 users, seed 0, ${CSV}`);
    expect(good.code).toBe(0);
    const broken = join(folder, 'broken.csv');
    writeFileSync(broken, 'username,password\nada,hunter2\nada,hunter3\n');
    const bad = await pairstorm(folder, ['run', 'smoke', '--dry-run'], { INVENTORY: broken });
    expect(bad.stderr).toMatch(/^error: .*broken\.csv: line 3 repeats the user of line 2[^\n]*\n$/);
    expect(bad.stderr).not.toContain('hunter');
    expect(bad.code).toBe(104);
  });

  it.each([
    ['against the simulator, too, where users could be put back', {}, ''],
    ['where each is used once', { USERS_EXHAUSTED: 'stop' }, ' (USERS_EXHAUSTED=stop)'],
  ])('plays no more flows than there are users %s, and says so', async (_title, setting, why) => {
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--dry-run'], { INVENTORY: CSV, ...setting });
    expect(stderr).toContain('length     until all flows have ended\n');
    expect(stderr).toContain('load       2 flow starts, up to 2 VUs');
    expect(stderr).toContain(`info: users: FLOWS=60 is reduced to 2, because each user is played only once${why}\n`);
    expect(code).toBe(0);
  });

  it('says that smoke heeds no MAX_UNEXPECTED, and prints nothing with --quiet', async () => {
    const env = { INVENTORY: CSV, MAX_UNEXPECTED: '0.2' };
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--dry-run'], env);
    expect(stderr).toMatch(/^note {7}MAX_UNEXPECTED has no effect in smoke/m);
    expect(code).toBe(0);
    expect(await pairstorm(folder, ['run', 'smoke', '--dry-run', '--quiet'], env)).toMatchObject({
      code: 0,
      stderr: '',
    });
  });

  it('has no result for --json', async () => {
    const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--dry-run', '--json']);
    expect(stderr).toContain('--json cannot be combined with --dry-run');
    expect(code).toBe(104);
  });
});

it('Users out of a CSV file are played as their kinds prescribe, against a simulator that knows them', async () => {
  // No lifetime decides what comes of a flow on a busy machine.
  const patient = ['pushMs=600000', 'otpMs=600000'].flatMap((option) => ['--simulator-option', option]);
  const args = ['run', 'smoke', '--quiet', '--allow-invalid', ...patient, '-e', 'FLOWS=2', '-e', `INVENTORY=${CSV}`];
  const { code, stdout, stderr } = await pairstorm(folder, args, { TIME_SCALE: '0.3', PUSH_DECIDED_BY: 'poll' });
  expect(stdout).toMatch(/F7 {2}one-time passcode +1 {2}authenticated/);
  expect(stdout).toMatch(/F10 push to the paired device itself +1 {2}authenticated/);
  expect(code, stderr).toBe(0);
});
