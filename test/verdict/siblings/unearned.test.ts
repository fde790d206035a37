import { describe, expect, it } from 'vitest';
import { emptyFolder, pairstorm, scriptFile } from '../../cli/command.ts';
import { misbehavingDeployment } from '../../cli/misbehaving-deployment.ts';
import { people } from '../../lib/deployment/stage.ts';
import { play, settings } from '../played.ts';
import {
  CALM,
  closing,
  deployed,
  expectGreen,
  expectRed,
  FAST,
  folder,
  phones,
  siblings,
  willing,
  written,
} from './stage.ts';

siblings('what was not earned', () => {
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
});
