import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { decodeInventory } from '../../contract/inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { emptyFolder, pairstorm, scriptFile, start, writeInventory } from '../cli/command.ts';
import { misbehavingDeployment } from '../cli/misbehaving-deployment.ts';
import { people } from '../lib/deployment/stage.ts';
import { startBridge } from '../lib/device/reference-bridge.ts';
import { BUILT, play, readPlayed, settings, shell } from './played.ts';

/** A green that was not earned, or a red that said nothing: each was met by a user. Through the real command, end to end. */

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
const FAST = { INVENTORY, TIME_SCALE: '0.05' };
const NO_LATENCY = ['--simulator-option', 'latency=off'];
/** Runs that are not about a slow load generator, on a machine that may be busy. */
const CALM = ['--allow-invalid', ...NO_LATENCY];
/** Where threads are not the matter: each takes as long to start as a short run. */
const ALONE = ['--workers', '0'];
const closing: (() => Promise<void>)[] = [];

beforeAll(() => {
  writeInventory(INVENTORY, 800, 3);
});

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('A pass is earned', () => {
  it('1: users who are let in without a second factor are a mismatch that is named first', async () => {
    const deployment = await misbehavingDeployment({ at: 'password', status: 'web_login_no_devices' });
    closing.push(deployment.close);
    const { code, last, finding, file } = await play(['smoke', '--gate', '--allow-invalid'], deployment.env);
    expect(code).toBe(99);
    const { started } = deployment.counts();
    expect(finding('mfa_bypassed')).toMatchObject({ exit: 99, data: { flows: started, ended: started } });
    expect(last).toMatch(/^fail: \d+ of \d+ flows were let in without the second factor that their kind requires/m);
    expect(last).toContain("adapter's failure modes");
    expect(last).toMatch(/see one: node \S+pairstorm\.js trace --from \S+failures\.jsonl --flow 1/);
    for (const name of ['junit.xml', 'report.md', 'report.html'])
      expect(file(name)).toMatch(/let in without the second factor that their kind requires/);
  });

  it('2: users who already have a device are not on the path of their kind, and the run says what to do', async () => {
    const inventory = people('F1');
    const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0 });
    closing.push(() => simulator.close());
    const csv = join(emptyFolder(), 'people.csv');
    const rows = inventory.users.map(({ username, password }) => `${username},${password},F1`);
    writeFileSync(csv, ['username,password,kind', ...rows, ''].join('\n'));
    // Phones of a real deployment cannot be reset: the same accounts, twice.
    const env = { PF_BASE_URL: simulator.url, INVENTORY: csv, TIME_SCALE: '0.05', FLOWS: `${rows.length}` };
    const bridge = await startBridge(`${simulator.url}/phone`, { can: ['payload', 'pair', 'decide', 'code'] });
    closing.push(async () => bridge.close());
    const real = { ...env, DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url };
    expect((await play(['smoke', '--gate', '--allow-invalid', ...ALONE], real)).code).toBe(0);
    const second = await play(['smoke', '--gate', '--allow-invalid', ...ALONE], real);
    expect(second.code).toBe(99);
    expect(second.finding('inventory_out_of_step')).toMatchObject({
      exit: 99,
      data: { flows: rows.length, places: [{ kind: 'F1', status: 'PUSH_CONFIRMATION_WAITING' }] },
    });
    expect(second.last).toMatch(/\d+ of \d+ users were not in the state that the inventory describes/);
    expect(second.last).toContain('reset the accounts before each run');
    // A device side that can reset puts them back, and says so.
    const third = await play(['smoke', '--gate', '--allow-invalid', ...ALONE], env);
    expect([third.code, third.said]).toEqual([0, expect.stringContaining('accounts reset')]);
  });

  it('3: a call that the engine does not have is named before any load, or ends the run at once', async () => {
    const web = scriptFile(
      folder,
      'web.js',
      `import http from 'k6/http';
       import { sleep } from 'k6';
       export const options = { vus: 2, duration: '30s', thresholds: { http_req_duration: ['p(95)<500'] } };
       export default function () { http.get('http://127.0.0.1:9/'); sleep(1); }`,
    );
    const named = await pairstorm(folder, ['run', web, '--gate', '--results', 'web']);
    expect(named.code).toBe(104);
    expect(named.stderr).toMatch(/web\.js:4:\d+: http\.get.*asyncRequest/);
    const hidden = scriptFile(
      folder,
      'hidden.js',
      `import http from 'k6/http';
       export const options = { vus: 2, duration: '30s', thresholds: { http_req_duration: ['p(95)<500'] } };
       export default async function () { http[['g', 'et'].join('')]('http://127.0.0.1:9/'); }`,
    );
    const { code, run, last } = await play([hidden, '--gate', '--allow-invalid']);
    expect(code).toBe(107);
    // Of some hundred thousand that would have been.
    expect(run.end!.iterations.started).toBeLessThan(1_000);
    expect(last).toMatch(/hidden\.js:3/);
  });

  it('4: a script whose every iteration throws has tested nothing, and a threshold without a sample is not held', async () => {
    const typo = scriptFile(
      folder,
      'typo.js',
      `import { check } from 'k6';
       export const options = { iterations: 20, thresholds: { checks: ['rate>0.99'] } };
       export default async function () { const answer = {}; check(answer.flow.id, { 'is there': (id) => id !== '' }); }`,
    );
    const all = await play([typo, '--allow-invalid', ...ALONE]);
    expect(all.code).toBe(107);
    expect(all.said).not.toMatch(/✓ checks/);
    expect(all.last).toMatch(/every iteration that ended threw an exception.*typo\.js:3/);
    const some = scriptFile(
      folder,
      'some.js',
      `export const options = { iterations: 20, thresholds: { checks: ['rate>0.99'], iterations: ['count>0'] } };
       export default async function () { if (__ITER % 2 === 0) throw new Error('odd'); }`,
    );
    expect((await play([some, '--allow-invalid', ...ALONE])).code).toBe(0);
    const gated = await play([some, '--gate', '--allow-invalid', ...ALONE]);
    expect(gated.code).toBe(99);
    expect(gated.finding('iterations_threw')).toMatchObject({ exit: 99, data: { thrown: 10, completed: 20 } });
    expect(gated.finding('not_judged')).toMatchObject({ exit: 99, subject: 'checks' });
    const told = ['--allow-no-samples', '--max-thrown', '50'];
    expect((await play([some, '--gate', '--allow-invalid', ...ALONE, ...told])).code).toBe(0);
  });

  it('5: what is said after a run does not hang on options that were left over in the environment', async () => {
    const wholeTable = async (args: readonly string[], env: Record<string, string>): Promise<void> => {
      const { said, result } = await play(['smoke', ...CALM, ...ALONE, ...args], { ...FAST, FLOWS: '12', ...env });
      expect(said).toContain('flows started 12 = ended 12 + interrupted 0');
      expect(Object.keys(result.outcomes).length).toBeGreaterThan(3);
      expect(said).not.toMatch(/(?<!\d)0\.00 ms/);
    };
    const ground = async (): Promise<void> => {
      const args = ['run', 'smoke', '--results', 'ground', ...NO_LATENCY];
      const { code, stderr } = await pairstorm(folder, args, { ...FAST, K6_NO_SETUP: 'true' });
      expect([code, stderr]).toEqual([104, expect.stringContaining('K6_NO_SETUP')]);
    };
    await Promise.all([
      wholeTable(['--no-thresholds'], {}),
      wholeTable([], { K6_SUMMARY_TREND_STATS: 'max' }),
      wholeTable([], { K6_DISCARD_RESPONSE_BODIES: 'true' }),
      ground(),
    ]);
  });

  it('7: nothing that was not measured has a figure or a tick', async () => {
    const silent = scriptFile(
      folder,
      'silent.js',
      `import http from 'k6/http';
       import { Trend, Rate, Gauge } from 'k6/metrics';
       new Trend('t'); new Rate('r'); new Gauge('g');
       export const options = { iterations: 3, thresholds: { t: ['p(95)<1'], r: ['rate<1'], g: ['value<1'], http_req_failed: ['rate<1'], http_req_duration: ['avg<1'], checks: ['rate>0'] } };
       export default async function () {}`,
    );
    const { code, said, file } = await play([silent, '--gate', '--allow-invalid', ...ALONE]);
    expect(code).toBe(99);
    expect(said).not.toMatch(/✓|avg=0s|0\.00%/);
    expect(file('report.md')).toContain('6 without a sample');
    expect(file('junit.xml').match(/no sample to judge/g)!.length).toBeGreaterThanOrEqual(6);
    const part = await play([silent, '--execution-segment', '999/1000:1', '--allow-invalid', ...ALONE]);
    expect(part.last).toContain('this part of the run has nothing to play');
  });

  it.concurrent(
    '8: a run that has no descriptors left ends with a summary, and as its own fault',
    async ({ onTestFinished }) => {
      const simulator = await startSimulator({
        inventory: everybody(),
        port: 0,
        latency: 'off',
        workers: 0,
        timeScale: 0.1,
      });
      onTestFinished(() => simulator.close());
      const results = join(emptyFolder(), 'results');
      const load = settings('RATE=80 RAMP=0s DURATION=3s TIME_SCALE=0.1').join(' ');
      const dry = `ulimit -n 100; "${process.execPath}" "${BUILT}" run load ${load} --dry-run`;
      const line = `ulimit -n 100; "${process.execPath}" "${BUILT}" run load ${load} --workers 0 --results "${results}"`;
      const env = { PATH: process.env['PATH'], PF_BASE_URL: simulator.url, INVENTORY };
      const [ended, planned] = await Promise.all([shell(line, env), shell(dry, env)]);
      const { code, stderr, stdout, finding } = readPlayed(ended, results);
      expect(code, stderr).toBe(120);
      expect(stdout).toContain('OUTCOMES BY FLOW KIND');
      expect(finding('generator_errors')).toMatchObject({ exit: 120 });
      expect(stderr).toMatch(/^invalid: \d+ of \d+ requests failed on this machine \(/m);
      expect(planned.stderr).toMatch(/descriptors .*limit 100/);
    },
  );

  it.skipIf(!canUnshare()).concurrent(
    '9, 10: ports that this machine lacks are its own fault, and take no time of the target',
    async () => {
      const results = join(emptyFolder(), 'results');
      const node = `"${process.execPath}" "${BUILT}"`;
      const load = settings('RATE=60 RAMP=0s DURATION=3s TIME_SCALE=0.1 PF_BASE_URL=http://127.0.0.1:9331').join(' ');
      const ended = await shell(
        `unshare -n sh -c 'ip link set lo up; echo "40000 40040" > /proc/sys/net/ipv4/ip_local_port_range;
       ${node} simulate --port 9331 --inventory "${INVENTORY}" --latency off > /dev/null 2>&1 & simulator=$!;
       for i in $(seq 100); do sleep 0.1; grep -q ":2473 " /proc/net/tcp && break; done;
       ${node} run load ${load} -e INVENTORY="${INVENTORY}" --results "${results}"; code=$?; kill $simulator; exit $code'`,
        { PATH: process.env['PATH'] },
      );
      const { code, last, finding, run } = readPlayed(ended, results);
      expect(code, last).toBe(120);
      expect(JSON.stringify(finding('generator_errors')?.data)).toContain('port');
      const failed = run.end!.thresholds.find(({ metric }) => metric === 'http_req_failed{peer:pf}');
      expect(failed, 'no error of this machine is the target’s').toMatchObject({ ok: true });
      expect(ended.stdout).not.toMatch(/ 0\.00 ms/);
    },
  );

  it.concurrent('11: a load generator that stood still is not a verdict on the target', async () => {
    const results = join(emptyFolder(), 'results');
    const load = settings('RATE=5 RAMP=0s DURATION=4s TIME_SCALE=0.1');
    const running = start(folder, ['run', 'load', ...NO_LATENCY, ...load, '--results', results], { INVENTORY });
    await running.says('accounts reset');
    await pause(1_000);
    running.child.kill('SIGSTOP');
    await pause(1_500);
    running.child.kill('SIGCONT');
    const { code, last, finding, run } = readPlayed(await running.ended, results);
    expect(code, last).toBe(120);
    const { maxMs } = finding('generator_stalled')!.data as { maxMs: number };
    expect(maxMs).toBeGreaterThan(1_000);
    expect(run.end!.ownDelay!.stalls!.maxMs).toBe(maxMs);
    expect(last).toMatch(/^invalid: the load generator stalled/m);
  });

  it('12: a search that found its limit has one verdict, everywhere', async () => {
    const search = 'ARRIVALS=even START_RATE=2 STEP_RATE=118 MAX_RATE=120 STEP_DURATION=4s TIME_SCALE=0.06 P95_MS=800';
    const { code, said, last, file, run } = await play(
      ['capacity', '--gate', '--allow-invalid', '--simulator-option', 'workers=1', ...settings(search)],
      { INVENTORY },
    );
    expect([code, last]).toEqual([0, expect.stringMatching(/^pass: 2 flows\/s held, 120 flows\/s did not$/m)]);
    expect(run.end).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(said).not.toMatch(/FAILED|✗/);
    expect(said).toContain('■');
    expect(file('report.md')).not.toMatch(/\d failed|FAIL/);
    expect(file('junit.xml')).not.toContain('<failure');
  });

  it('13: a red ends with its causes, grouped and counted, and the command that shows one', async () => {
    const custom = ['--simulator-option', 'firstFactor=custom'];
    const { code, said, last, file } = await play(['smoke', '--gate', ...CALM, ...ALONE, ...custom], {
      ...FAST,
      FLOWS: '51',
    });
    expect(code).toBe(99);
    expect(last).toMatch(
      /51 flows of 15 kinds stopped at PIN_REQUIRED after the start: Pairstorm has no handler for it/,
    );
    expect(last).toContain('PF_CUSTOM_STATUS, PF_CUSTOM_ACTION and PF_CUSTOM_BODY');
    expect(last).toMatch(/pairstorm(\.js)? trace --from \S+failures\.jsonl --flow 1/);
    expect(said.match(/✓ flows/g) ?? []).toHaveLength(1);
    for (const name of ['junit.xml', 'report.md', 'report.html'])
      expect(file(name)).toMatch(/51 flows of 15 kinds stopped at PIN(_|&#95;)REQUIRED/);
  });

  it('14: a smaller smoke has the thresholds of the kinds that it plays', async () => {
    const { code, run } = await play(['smoke', '--gate', ...CALM, ...ALONE], { ...FAST, FLOWS: '10' });
    expect(code).toBe(0);
    const kinds = run.thresholds.filter(({ metric }) => metric.startsWith('flows{kind:'));
    expect(kinds.length).toBeGreaterThan(0);
    expect(kinds.length).toBeLessThan(11);
  });
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** The users of INVENTORY. */
function everybody() {
  return decodeInventory(readFileSync(INVENTORY, 'utf8'), INVENTORY);
}

/** Whether this machine lets a test have a network of its own. */
function canUnshare(): boolean {
  const can = spawnSync('unshare', ['-n', 'sh', '-c', 'ip link set lo up']).status === 0;
  if (!can) console.warn('row 9 is skipped: unshare -n is not allowed here');
  return can;
}
