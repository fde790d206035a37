import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { beforeAll, afterEach, describe, expect, it } from 'vitest';
import { decodeInventory, encodeInventory } from '../../contract/inventory.ts';
import type { Inventory, InventoryUser } from '../../contract/inventory.ts';
import { PATHS } from '../../protocol/transport.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import type { SimulatorSettings } from '../../simulator/settings.ts';
import { emptyFolder, pairstorm, scriptFile, start, writeInventory } from '../cli/command.ts';
import { madeRecord, madeRun, PASSED } from '../cli/made-record.ts';
import type { Sample } from '../cli/made-record.ts';
import { misbehavingDeployment } from '../cli/misbehaving-deployment.ts';
import { people } from '../lib/deployment/stage.ts';
import { startBridge } from '../lib/device/reference-bridge.ts';
import { BUILT, play, readPlayed, settings, shell } from './played.ts';
import type { Played } from './played.ts';

/** `npm run check:verdict` plays them: some take minutes. */
const ASKED = process.env['VERDICT_SIBLINGS'] === '1';
if (!ASKED) console.warn('the siblings of rows.test.ts are skipped: npm run check:verdict plays them');

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
const NO_LATENCY = ['--simulator-option', 'latency=off'];
/** Runs that are not about a slow load generator, on a machine that may be busy. */
const CALM = ['--allow-invalid', ...NO_LATENCY];
const FAST = { INVENTORY, TIME_SCALE: '0.05' };
const closing: (() => Promise<void> | void)[] = [];
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A simulator before which nothing stands. */
async function deployed(inventory: Inventory, more: Partial<SimulatorSettings> = {}): Promise<string> {
  const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, ...more });
  closing.push(() => simulator.close());
  return simulator.url;
}

/** A bridge that cannot put accounts back, as with real phones. */
async function phones(url: string): Promise<Readonly<Record<string, string>>> {
  const bridge = await startBridge(`${url}/phone`, { can: ['payload', 'pair', 'fail_pairing', 'decide', 'code'] });
  closing.push(() => bridge.close());
  return { DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url };
}

/** Writes an inventory and gives its path. */
function written(inventory: Inventory): string {
  const path = join(emptyFolder(), 'inventory.json');
  writeFileSync(path, encodeInventory(inventory));
  return path;
}

/** The users of the common inventory whom `only` takes, changed. */
function crowd(only: (user: InventoryUser) => boolean, change: Partial<InventoryUser> = {}): Inventory {
  const all = decodeInventory(readFileSync(INVENTORY, 'utf8'), INVENTORY);
  return { ...all, users: all.users.filter(only).map((user) => ({ ...user, ...change })) };
}

/** Users who sign in by push or passcode, without a pairing, and are let in. */
function willing(): Inventory {
  return crowd(({ kind, prescribed }) => ['F7', 'F10'].includes(kind) && prescribed === 'authenticated');
}

/** A front that holds or breaks what a test says, and passes on everything else. */
async function frontBefore(
  target: string,
  hold: (action: string, url: string) => 'hang' | 'reset' | 'pass',
): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    const action = /vnd\.pingidentity\.(\w+)/.exec(incoming.headers['content-type'] ?? '')?.[1] ?? '';
    const what = hold(action, incoming.url ?? '');
    if (what === 'hang') return;
    if (what === 'reset') return void incoming.socket.destroy();
    const { method, headers, url = '/' } = incoming;
    const sent = forward(new URL(url, target), { method, headers });
    incoming.pipe(sent);
    sent.once('error', () => outgoing.destroy());
    sent.once('response', (answered) => {
      outgoing.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(outgoing);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The processes that a process started. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

/** A gate that says no is said to be closed by everything that a pipeline reads. */
function expectRed({ code, run, result, file }: Played, exit = 99): void {
  expect([code, run.end?.exitCode, result.exitCode]).toEqual([exit, exit, exit]);
  expect(file('junit.xml')).toMatch(/<(failure|error) /);
  expect(file('report.md')).toMatch(/^### (❌|⚠️)/u);
  expect(file('report.html')).not.toContain('class="verdict pass"');
}

/** A gate that opens says so everywhere. */
function expectGreen({ code, said, run, result, file }: Played): void {
  expect([code, run.end?.exitCode, result.exitCode], said).toEqual([0, 0, 0]);
  expect(file('junit.xml')).not.toMatch(/<(failure|error)[ >]/);
  expect(file('report.md')).toMatch(/^### ✅/);
  expect(file('report.html')).toContain('class="verdict pass"');
}

describe.skipIf(!ASKED)('Siblings of what was met', { timeout: 300_000 }, () => {
  beforeAll(() => {
    writeInventory(INVENTORY, 800, 3);
  });

  describe('1: users who are let in without a second factor', () => {
    it.each([
      ['everything is COMPLETED from the first answer on', { at: 'start' }],
      ['only each tenth flow', { at: 'password', status: 'web_login_no_devices', every: 10 }],
      ['the policy says that MFA was bypassed', { at: 'password', status: 'mfa_bypassed_user_mfa_disabled', every: 3 }],
      ['MFA was completed elsewhere', { at: 'password', status: 'mfa_completed_externally', every: 4 }],
    ] as const)('%s', async (_title, misbehaviour) => {
      const deployment = await misbehavingDeployment(misbehaviour, willing());
      closing.push(deployment.close);
      const played = await play(['smoke', '--gate', '--allow-invalid'], deployment.env);
      const { letIn, started } = deployment.counts();
      expectRed(played);
      expect(played.finding('mfa_bypassed')).toMatchObject({ exit: 99, data: { flows: letIn, ended: started } });
      expect(played.last).toMatch(/^fail: \d+ of \d+ flows were let in without/m);
    });

    it('a tenth of a load whose thresholds would bear it', async () => {
      const deployment = await misbehavingDeployment(
        { at: 'password', status: 'web_login_no_devices', every: 50 },
        willing(),
      );
      closing.push(deployment.close);
      const { PF_BASE_URL = '', INVENTORY: own = '' } = deployment.env;
      const load = settings('RATE=20 RAMP=0s DURATION=6s TIME_SCALE=0.05 MAX_ERROR_RATE=0.5');
      const played = await play(['load', '--gate', '--allow-invalid', ...load], { PF_BASE_URL, INVENTORY: own });
      expectRed(played);
      expect(played.finding('mfa_bypassed')?.data).toMatchObject({ flows: deployment.counts().letIn });
    });

    it('one, in its second turn', async () => {
      const inventory = willing();
      const turn = inventory.users.length;
      const deployment = await misbehavingDeployment(
        { at: 'password', status: 'web_login_no_devices', every: turn + 1 },
        inventory,
      );
      closing.push(deployment.close);
      const { PF_BASE_URL = '', INVENTORY: own = '' } = deployment.env;
      const env = { PF_BASE_URL, INVENTORY: own, ...(await phones(deployment.url)), USERS_EXHAUSTED: 'recycle' };
      const rate = Math.ceil(turn / 8);
      const load = settings(`RATE=${rate} RAMP=0s DURATION=10s TIME_SCALE=0.05 MAX_ERROR_RATE=0.5`);
      const played = await play(['load', '--gate', '--allow-invalid', ...load], env);
      expect(deployment.counts().letIn).toBe(1);
      expect(played.finding('mfa_bypassed')?.data).toMatchObject({ flows: 1 });
      expectRed(played);
    });
  });

  describe('2: users who are not in the state that the inventory says', () => {
    it('F4: their new phone is paired already', async () => {
      const inventory = people('F4');
      const url = await deployed(inventory);
      const env = {
        PF_BASE_URL: url,
        INVENTORY: written(inventory),
        TIME_SCALE: '0.05',
        FLOWS: `${inventory.users.length}`,
        ...(await phones(url)),
      };
      const first = await play(['smoke', '--gate', '--allow-invalid'], env);
      expectGreen(first);
      // Phones that are paired answer pushes from now on; each run pairs one more, up to the limit.
      let last = first;
      for (let run = 0; run < 6 && last.code === 0; run++)
        last = await play(['smoke', '--gate', '--allow-invalid'], env);
      expectRed(last);
      expect(last.last).toMatch(/DEVICE_LIMIT at pair|not in the state that the inventory describes/);
    });

    it('F7: their device is locked at the target', async () => {
      const inventory = people('F7');
      const locked = inventory.users.map((user) => ({
        ...user,
        devices: user.devices.map((one) => ({ ...one, locked: true })),
      }));
      const url = await deployed({ ...inventory, users: locked });
      const env = {
        PF_BASE_URL: url,
        INVENTORY: written(inventory),
        TIME_SCALE: '0.05',
        FLOWS: `${inventory.users.length}`,
      };
      const played = await play(['smoke', '--gate', '--allow-invalid'], { ...env, ...(await phones(url)) });
      expectRed(played);
      expect(played.last).toMatch(/\d+ flows \(F7\) ended as mfa_failed.* at authenticate/);
    });

    it('F10: a device more than the inventory says, within what MAX_UNEXPECTED allows and beyond', async () => {
      const inventory = people('F1', 'F10');
      const url = await deployed(inventory);
      const real = { PF_BASE_URL: url, INVENTORY: written(inventory), TIME_SCALE: '0.05', ...(await phones(url)) };
      const first = await play(['smoke', '--gate', '--allow-invalid'], { ...real, FLOWS: `${inventory.users.length}` });
      expectGreen(first);
      const load = [
        'load',
        '--gate',
        '--allow-invalid',
        ...settings('ARRIVALS=even RATE=2 RAMP=0s DURATION=3s MAX_ERROR_RATE=1'),
      ];
      const beyond = await play(load, real);
      expect(beyond.finding('inventory_out_of_step')).toMatchObject({ exit: 99 });
      const within = await play([...load, '-e', 'MAX_UNEXPECTED=1'], real);
      expect(within.finding('inventory_out_of_step')).toMatchObject({ exit: 0 });
    });
  });

  describe('3: a call that the engine does not have', () => {
    const http = `import http from 'k6/http'; import { group } from 'k6';
      export const options = { vus: 4, duration: '30s', thresholds: { iterations: ['count>0'] } };`;
    it.each([
      [
        'http.batch',
        `${http} export default async function () { http.batch([['GET', 'http://127.0.0.1:9/']]); }`,
        [],
        104,
      ],
      [
        'an asynchronous group',
        `${http} export default async function () { await group('a', async () => { await http.asyncRequest('GET', 'http://127.0.0.1:9/'); }); }`,
        [],
        107,
      ],
      [
        'in worker threads',
        `${http} export default async function () { http[['g', 'et'].join('')]('http://127.0.0.1:9/'); }`,
        ['--workers', '2'],
        107,
      ],
      [
        'in setup',
        `${http} export function setup() { return http[['g', 'et'].join('')]('http://127.0.0.1:9/'); } export default async function () {}`,
        [],
        107,
      ],
      [
        'in a function that another is given',
        `${http} const call = (how) => how('http://127.0.0.1:9/'); export default async function () { call(http['po' + 'st']); }`,
        ['--shared-connections'],
        107,
      ],
    ] as const)('%s', async (_title, source, args, exit) => {
      const script = scriptFile(emptyFolder(), 'own.js', source);
      const began = Date.now();
      const { code, stderr } = await pairstorm(folder, [
        'run',
        script,
        '--gate',
        '--allow-invalid',
        '--results',
        'own',
        ...args,
      ]);
      expect(code, stderr).toBe(exit);
      expect(stderr).toMatch(/^error: .*own\.js:[123]:\d+/m);
      expect(Date.now() - began, 'before its 30 s').toBeLessThan(30_000);
    });
  });

  describe('4: iterations that throw', () => {
    const twenty = `export const options = { vus: 4, iterations: 20, thresholds: { iterations: ['count>0'] } };`;
    it.each([
      ['what is thrown is a text', `${twenty} export default function () { return Promise.reject('plainly'); }`, []],
      ['what is thrown is nothing', `${twenty} export default async function () { throw undefined; }`, []],
      [
        'in worker threads, and all may throw',
        `${twenty} export default async function () { null.x; }`,
        ['--workers', '2', '--max-thrown', '100'],
      ],
      [
        'thresholds may have no sample',
        `${twenty} export default async function () { await Promise.all([Promise.reject(new Error('one'))]); }`,
        ['--allow-no-samples'],
      ],
    ] as const)('all of them: %s', async (_title, source, args) => {
      const played = await play([scriptFile(emptyFolder(), 'own.js', source), '--gate', '--allow-invalid', ...args]);
      expectRed(played, 107);
      expect(played.last).toMatch(/every iteration that ended threw an exception/);
    });

    it('those of one scenario of two', async () => {
      const script = scriptFile(
        emptyFolder(),
        'own.js',
        `import { check } from 'k6';
         const each = (exec) => ({ executor: 'per-vu-iterations', vus: 1, iterations: 10, exec });
         export const options = { scenarios: { good: each('good'), bad: each('bad') }, thresholds: { checks: ['rate>0.9'] } };
         export async function good() { check(1, { one: (n) => n === 1 }); }
         export async function bad() { throw new Error('never'); }`,
      );
      const played = await play([script, '--gate', '--allow-invalid']);
      expectRed(played);
      expect(played.last).toMatch(/10 of 20 iterations ended with an exception; the first: never/);
    });
  });

  describe('5: options that were left over in the environment', () => {
    it.each([
      'K6_SUMMARY_MODE=full',

      'K6_SYSTEM_TAGS=url',
      'K6_NO_THRESHOLDS=true',
      'K6_SUMMARY_TIME_UNIT=us',
      'K6_NO_TEARDOWN=true',
      'K6_NO_SUMMARY=true',
    ])('%s hides nothing', async (pair) => {
      const [name = '', value = ''] = pair.split('=');
      const { code, said, result } = await play(['smoke', ...CALM], { ...FAST, FLOWS: '12', [name]: value });
      expect(code, said).toBe(0);
      expect(said).toContain('flows started 12 = ended 12 + interrupted 0');
      expect(said).not.toContain('0.00 ms');
      expect(Object.keys(result.outcomes).length).toBeGreaterThan(3);
    });

    it.each([
      ['K6_NO_TEARDOWN', 'resilience'],
      ['K6_THROW', 'smoke'],
      ['K6_ITERATIONS', 'smoke'],
    ])('%s is refused for %s', async (name, scenario) => {
      const { code, stderr } = await pairstorm(folder, ['run', scenario], {
        ...FAST,
        [name]: name === 'K6_ITERATIONS' ? '3' : 'true',
      });
      expect([code, stderr]).toEqual([104, expect.stringContaining(name)]);
    });
  });

  describe('6: flows that are interrupted at the end', () => {
    it('none is, of users who need a minute for a code', async () => {
      const otp = { wrong: 0, afterMs: 60_000 };
      const slow = crowd(
        ({ kind, prescribed, behaviour }) =>
          kind === 'F7' && prescribed === 'authenticated' && behaviour.otp?.wrong === 0,
      );
      const inventory = {
        ...slow,
        users: slow.users.map((user) => ({ ...user, behaviour: { ...user.behaviour, otp } })),
      };
      const patient = ['flowIdleMs=200000', 'otpMs=200000'].flatMap((option) => ['--simulator-option', option]);
      const played = await play(['load', '--gate', ...CALM, ...patient, ...settings('RATE=5 RAMP=0s DURATION=12s')], {
        INVENTORY: written(inventory),
      });
      expect(played.finding('flows_interrupted')).toBeUndefined();
      expect(played.said).toContain('interrupted 0');
      expectGreen(played);
    });

    it.each([
      // The plan waits for whatever the target holds: requests time out, and that is what is said.
      ['as errors there', settings('RATE=10 RAMP=0s DURATION=4s')],
      // An option of k6's waits half a minute.
      ['as interrupted', ['--vus', '30', '--duration', '4s']],
    ])('those that the target holds at checkOtp are named by kind, %s', async (title, load) => {
      const inventory = crowd(() => true);
      const url = await deployed(inventory, { timeScale: 0.05 });
      const front = await frontBefore(url, (action) => (action === 'checkOtp' ? 'hang' : 'pass'));
      const env = { PF_BASE_URL: front, INVENTORY, TIME_SCALE: '0.05' };
      const played = await play(['load', '--gate', '--allow-invalid', ...load], env);
      expectRed(played);
      if (title === 'as interrupted') {
        const { kinds } = played.finding('flows_interrupted')!.data as { kinds: Record<string, number> };
        expect(Object.keys(kinds)).toContain('F7');
        expect(Object.keys(kinds)).not.toContain('F1');
        expect(played.last).toMatch(/flows were interrupted at the end of the run.*F7/);
      } else expect(played.last).toMatch(/flows .*ended as http_error: .*at checkOtp/);
    });

    it('those that were interrupted by whoever stopped the run say nothing', async () => {
      const results = join(emptyFolder(), 'results');
      const running = start(
        folder,
        ['run', 'load', ...CALM, ...settings('RATE=10 RAMP=0s DURATION=30s'), '--results', results],
        { INVENTORY },
      );
      await running.says(/accounts reset/);
      await pause(2_000);
      running.child.kill('SIGINT');
      const played = readPlayed(await running.ended, results);
      expect(played.code).toBe(105);
      expect(played.finding('flows_interrupted')).toBeUndefined();
    });
  });

  describe('7: what was not measured', () => {
    it('has no tick in a load so short that hardly anybody comes', async () => {
      const played = await play(
        ['load', '--gate', ...CALM, ...settings('RATE=0.1 RAMP=0s DURATION=1s ARRIVALS=even')],
        FAST,
      );
      expect(played.said).not.toMatch(/✓ (http_req_failed\{peer:device\}|decision_lag) .*no sample/);
      for (const { value, ok } of played.run.end!.thresholds) if (value === null) expect(ok).toBe(true);
      expect(played.file('junit.xml')).toContain('no sample to judge');
    });

    it('closes the gate of one’s own script, be it one threshold of two', async () => {
      const script = scriptFile(
        emptyFolder(),
        'own.js',
        `import { Counter, Trend } from 'k6/metrics';
         const seen = new Counter('seen'); const never = new Trend('never');
         export const options = { iterations: 3, thresholds: { seen: ['count>0'], never: ['p(95)<1'] } };
         export default async function () { seen.add(1); if (__ITER > 99) never.add(1); }`,
      );
      const gated = await play([script, '--gate', '--allow-invalid']);
      expectRed(gated);
      expect(gated.finding('not_judged')).toMatchObject({ subject: 'never', exit: 99 });
      expectGreen(await play([script, '--gate', '--allow-invalid', '--allow-no-samples']));
    });
  });

  describe('8: a run that has few descriptors', () => {
    const load = settings('RATE=80 RAMP=0s DURATION=4s TIME_SCALE=0.1').join(' ');
    const line = (more: string, results: string): string =>
      `ulimit -n 100; "${process.execPath}" "${BUILT}" run load ${load} ${more} --results "${results}"`;

    it('with two worker threads: it ends with a summary, and as its own fault', async () => {
      const url = await deployed(crowd(() => true));
      const results = join(emptyFolder(), 'results');
      const env = { PATH: process.env['PATH'], PF_BASE_URL: url, INVENTORY };
      const played = readPlayed(await shell(line('--workers 2', results), env), results);
      expect(played.code, played.last).toBe(120);
      expect(played.stdout).toContain('OUTCOMES BY FLOW KIND');
      expect(played.finding('generator_errors')).toMatchObject({ exit: 120 });
    });

    it('with shared connections: it needs no more', async () => {
      const url = await deployed(
        crowd(() => true),
        { timeScale: 0.1 },
      );
      const results = join(emptyFolder(), 'results');
      const env = { PATH: process.env['PATH'], PF_BASE_URL: url, INVENTORY };
      const played = readPlayed(await shell(line('--shared-connections --allow-invalid', results), env), results);
      expect(played.finding('generator_errors')).toBeUndefined();
      expect(played.code, played.last).toBe(0);
    });
  });

  describe('9: whose fault a failed request is', () => {
    const proxied = `import http from 'k6/http';
      export const options = { vus: 2, iterations: 40, hosts: { 'sso.example.test': '127.0.0.1' }, thresholds: { http_req_failed: ['rate<0.01'] } };
      export default async function () { await http.asyncRequest('GET', 'http://sso.example.test:9031/'); }`;

    it('a proxy that is not there is this machine’s', async () => {
      const script = scriptFile(emptyFolder(), 'proxied.js', proxied);
      const env = { HTTP_PROXY: 'http://127.0.0.1:1', ALLOW_HOSTS: 'sso.example.test' };
      const played = await play([script, '--gate'], env);
      expectRed(played, 120);
      expect(played.last).toMatch(
        /^invalid: 40 of 40 requests failed on this machine \(the proxy cannot be reached\)/m,
      );
    });

    it('a target that refuses connections is not', async () => {
      const source = `import http from 'k6/http';
        export const options = { vus: 2, iterations: 40, thresholds: { http_req_failed: ['rate<0.01'] } };
        export default async function () { await http.asyncRequest('GET', 'http://127.0.0.1:1/'); }`;
      const played = await play([scriptFile(emptyFolder(), 'own.js', source), '--gate', '--allow-invalid']);
      expectRed(played);
      expect(played.finding('generator_errors')).toBeUndefined();
      expect(played.said).not.toMatch(/failed requests: .*(generator|this machine)/);
    });

    it('a bridge that breaks down is the device side’s, and no load generator’s', async () => {
      const url = await deployed(crowd(() => true));
      let asked = 0;
      const bridge = await startBridge(`${url}/phone`, {
        instead: (path) => (path === '/capabilities' || ++asked < 20 ? undefined : [503, '{}']),
      });
      closing.push(() => bridge.close());
      const env = { ...FAST, PF_BASE_URL: url, DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url };
      const played = await play(['load', '--gate', '--allow-invalid', ...settings('RATE=10 RAMP=0s DURATION=4s')], env);
      expectRed(played);
      expect(played.finding('generator_errors')).toBeUndefined();
      expect(played.said).toMatch(/failed requests: .*\d+ on the device side/);
      const pf = played.run.end!.thresholds.find(({ metric }) => metric.startsWith('http_req_failed{peer:pf'));
      if (pf !== undefined) expect(pf.ok, 'no request to the target failed').toBe(true);
    });
  });

  describe('10: requests that failed here', () => {
    it('take no time of the target, be they all', async () => {
      // They fail at once: thresholds on the target's errors would hold, of nothing.
      const script = scriptFile(
        emptyFolder(),
        'proxied.js',
        `import http from 'k6/http';
         export const options = { vus: 2, iterations: 40, hosts: { 'sso.example.test': '127.0.0.1' }, thresholds: { http_req_failed: ['rate<0.01'] } };
         export default async function () { await http.asyncRequest('GET', 'http://sso.example.test:9031/'); }`,
      );
      const env = { HTTP_PROXY: 'http://127.0.0.1:1', ALLOW_HOSTS: 'sso.example.test' };
      const played = await play([script, '--gate', '--allow-invalid'], env);
      expectRed(played);
      expect(played.finding('not_judged')).toMatchObject({ subject: 'http_req_failed', exit: 99 });
    });

    it('take no time of the target, be they some', async () => {
      const results = join(emptyFolder(), 'results');
      const url = await deployed(crowd(() => true));
      const load = settings('RATE=80 RAMP=0s DURATION=4s TIME_SCALE=0.1').join(' ');
      const line = `ulimit -n 120; "${process.execPath}" "${BUILT}" run load ${load} --workers 0 --results "${results}"`;
      const played = readPlayed(await shell(line, { PATH: process.env['PATH'], PF_BASE_URL: url, INVENTORY }), results);
      expect(played.said).not.toMatch(/ 0\.00 ms/);
      const failed = played.run.end!.thresholds.filter(({ metric }) => metric.startsWith('http_req_failed{peer:pf'));
      for (const one of failed) expect(one.ok, 'no error of this machine is the target’s').toBe(true);
    });
  });

  describe('11: a load generator that stood still', () => {
    it('twice for less than a second, but for more in all', async () => {
      const results = join(emptyFolder(), 'results');
      const running = start(
        folder,
        ['run', 'load', ...NO_LATENCY, ...settings('RATE=10 RAMP=0s DURATION=8s TIME_SCALE=0.1'), '--results', results],
        { INVENTORY },
      );
      await running.says(/accounts reset/);
      await pause(1_000);
      for (let stop = 0; stop < 2; stop++) {
        running.child.kill('SIGSTOP');
        await pause(700);
        running.child.kill('SIGCONT');
        await pause(1_200);
      }
      const played = readPlayed(await running.ended, results);
      expect(played.code, played.last).toBe(120);
      const { lostMs } = played.finding('generator_stalled')!.data as { lostMs: number };
      expect(lostMs).toBeGreaterThan(1_000);
    });

    it('because one of its virtual users never waits', async () => {
      const script = scriptFile(
        emptyFolder(),
        'busy.js',
        `import http from 'k6/http';
         export const options = {
           scenarios: { calm: { executor: 'constant-vus', vus: 3, duration: '6s' }, busy: { executor: 'per-vu-iterations', vus: 1, iterations: 1, exec: 'busy' } },
           thresholds: { http_reqs: ['count>0'] },
         };
         export default async function () { await http.asyncRequest('GET', __ENV.TARGET); await new Promise((r) => setTimeout(r, 200)); }
         export async function busy() { await new Promise((r) => setTimeout(r, 1000)); const until = Date.now() + 2000; while (Date.now() < until); }`,
      );
      const url = await deployed(people('F7'));
      const played = await play([script, '--gate'], { TARGET: `${url}${PATHS.heartbeat}` });
      expectRed(played, 120);
      const { maxMs } = played.finding('generator_stalled')!.data as { maxMs: number };
      expect(maxMs).toBeGreaterThan(1_500);
    });
  });

  describe('12: a search for capacity', () => {
    const search = (words: string): string[] => [
      'capacity',
      '--gate',
      '--allow-invalid',
      ...settings(`TIME_SCALE=0.02 ${words}`),
    ];

    it('that held everything up to the top passes', async () => {
      const played = await play(
        [...search('ARRIVALS=even START_RATE=2 STEP_RATE=2 MAX_RATE=6 STEP_DURATION=3s'), ...NO_LATENCY],
        {
          INVENTORY,
        },
      );
      expectGreen(played);
      expect(played.last).toMatch(/^pass: 6 flows\/s held, the highest rate tried$/m);
      expect(played.said).not.toMatch(/FAILED|✗/);
    });

    it('whose first rate broke is red', async () => {
      const slow = ['--simulator-option', 'workers=1', '--simulator-option', 'latencyMs=60'];
      const played = await play(
        [...search('ARRIVALS=even START_RATE=60 STEP_RATE=10 MAX_RATE=80 STEP_DURATION=4s P95_MS=100'), ...slow],
        { INVENTORY },
      );
      expectRed(played);
      expect(played.finding('capacity_found')).toBeUndefined();
      expect(played.last).toMatch(/^fail: /m);
    });

    it('in which users were let in without their factor is red', async () => {
      const deployment = await misbehavingDeployment(
        { at: 'password', status: 'web_login_no_devices', every: 20 },
        crowd(() => true),
      );
      closing.push(deployment.close);
      const { PF_BASE_URL = '', INVENTORY: own = '' } = deployment.env;
      const words = 'ARRIVALS=even START_RATE=4 STEP_RATE=4 MAX_RATE=8 STEP_DURATION=3s MAX_ERROR_RATE=0.5';
      const played = await play(search(words), { PF_BASE_URL, INVENTORY: own });
      expectRed(played);
      expect(played.finding('mfa_bypassed')).toMatchObject({ exit: 99 });
    });
  });

  describe('13: why a run is red', () => {
    it('a client that the target does not know is named before any load', async () => {
      const url = await deployed(crowd(() => true));
      const { code, stderr } = await pairstorm(folder, ['run', 'smoke', '--gate'], {
        ...FAST,
        PF_BASE_URL: url,
        PF_CLIENT_ID: 'wrong',
      });
      expect([code, stderr]).toEqual([104, expect.stringMatching(/PF_CLIENT_ID: .* refuses the client wrong/)]);
    });

    it('users who may have no further device', async () => {
      const limit = ['--simulator-option', 'deviceLimit=1'];
      const played = await play(['smoke', '--gate', ...CALM, ...limit], { ...FAST, FLOWS: '60' });
      expectRed(played);
      expect(played.last).toMatch(
        /\d+ flows .*ended as pairing_error.*: DEVICE_LIMIT at pair \(the user has reached the device limit\)/,
      );
      expect(played.last).toMatch(/see one: node \S+pairstorm\.js trace --from/);
    });

    it('a target that is down from the middle on', async () => {
      const url = await deployed(crowd(() => true));
      const began = Date.now();
      const front = await frontBefore(url, () => (Date.now() - began > 4_500 ? 'reset' : 'pass'));
      const env = { ...FAST, PF_BASE_URL: front, PHONE_URL: `${url}/phone` };
      const played = await play(['load', '--gate', '--allow-invalid', ...settings('RATE=10 RAMP=0s DURATION=8s')], env);
      expectRed(played);
      expect(played.said).toMatch(/failed requests: .*\d+ (at the target|on the way to it)/);
      expect(played.last).toMatch(/\d+ flows .*ended as http_error/);
    });

    it('the simulator of the run was killed', async () => {
      const results = join(emptyFolder(), 'results');
      const args = ['run', 'load', '--gate', ...CALM, ...settings('RATE=10 RAMP=0s DURATION=8s'), '--results', results];
      const running = start(folder, args, FAST);
      await running.says(/accounts reset/);
      await pause(3_000);
      const simulator = childrenOf(running.child.pid!).find((pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0simulate\0'),
      )!;
      process.kill(simulator, 'SIGKILL');
      const played = readPlayed(await running.ended, results);
      expectRed(played);
      expect(played.finding('simulator_lost')).toMatchObject({ exit: 99 });
      expect(played.last).toMatch(/^fail: .*simulator/m);
    });
  });

  describe('14: a smaller smoke', () => {
    it.each(['1', '2', '17'])('FLOWS=%s has the thresholds of the kinds that it plays', async (FLOWS) => {
      const played = await play(['smoke', '--gate', ...CALM], { ...FAST, FLOWS });
      expectGreen(played);
      const kinds = played.run.thresholds.filter(({ metric }) => metric.startsWith('flows{kind:'));
      expect(kinds.length).toBeGreaterThan(0);
      expect(kinds.length).toBeLessThanOrEqual(Number(FLOWS));
    });

    it('of two accounts in a CSV file', async () => {
      const inventory = people('F7', 'F10');
      const two = ['F7', 'F10'].map((kind) =>
        inventory.users.find((user) => user.kind === kind && user.prescribed === 'authenticated')!,
      );
      const url = await deployed(inventory);
      const csv = join(emptyFolder(), 'two.csv');
      writeFileSync(
        csv,
        `username,password,kind\n${two.map(({ username, password, kind }) => `${username},${password},${kind}`).join('\n')}\n`,
      );
      const played = await play(['smoke', '--gate', '--allow-invalid'], {
        PF_BASE_URL: url,
        INVENTORY: csv,
        FLOWS: '2',
        TIME_SCALE: '0.05',
      });
      expectGreen(played);
      expect(played.run.thresholds.filter(({ metric }) => metric.startsWith('flows{kind:'))).toHaveLength(2);
    });
  });

  describe('15: records with odd tag values are merged', () => {
    it.each([
      ['a semicolon and braces', ['a;b', '{x:y}', '}{', ';;']],
      ['quotes, lines and colons', ['"a"', "it's", 'one\ntwo', 'k:v,k2:v2']],
      ['what JavaScript finds on every object', ['__proto__', 'constructor', 'toString', '']],
    ])('%s', async (_title, values) => {
      const parent = emptyFolder();
      const parts = ['a', 'b'].map((instance) => {
        const samples = values.flatMap((value, at): Sample[] => [
          {
            index: 0,
            metric: 'hits',
            type: 'counter',
            tags: { odd: value, [value === '' ? 'none' : value]: 'x' },
            value: at + 1,
            at: 500,
          },
        ]);
        const machines = [{ instance, cpus: 2, runtime: 'Node 24', platform: 'linux x64' }];
        const thresholds = [{ metric: 'hits', expression: 'count>0' }];
        const end = { ...PASSED, thresholds: [{ ...thresholds[0]!, value: 10, ok: true }] };
        const run = madeRun({ script: 'own', testid: instance, machines, thresholds, end, simulated: false });
        return madeRecord(join(parent, instance), run, samples);
      });
      const results = join(parent, 'merged');
      const ended = await pairstorm(parent, ['merge', ...parts, '--results', results]);
      expect(ended.code, ended.stderr).toBe(0);
      const merged = join(results, readdirSync(results)[0]!);
      const report = await pairstorm(parent, ['report', merged, '--format', 'json', '--out', '-']);
      expect(report.code, report.stderr).toBe(0);
      const hits = (
        JSON.parse(report.stdout) as { metrics: { metric: string; tags?: object; sum?: number }[] }
      ).metrics.filter(({ metric }) => metric === 'hits');
      expect(JSON.stringify(hits)).toContain('20');
      for (const format of ['junit', 'markdown', 'csv', 'html']) {
        const one = await pairstorm(parent, [
          'report',
          merged,
          '--format',
          format,
          '--out',
          join(parent, `out.${format}`),
        ]);
        expect(one.code, one.stderr).toBe(0);
      }
    });
  });
});
