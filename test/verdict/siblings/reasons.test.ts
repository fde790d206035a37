import { describe, expect, it } from 'vitest';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { emptyFolder, pairstorm, start } from '../../cli/command.ts';
import { madeRecord, madeRun, PASSED } from '../../cli/made-record.ts';
import type { Sample } from '../../cli/made-record.ts';
import { misbehavingDeployment } from '../../cli/misbehaving-deployment.ts';
import { people } from '../../lib/deployment/stage.ts';
import { play, readPlayed, settings } from '../played.ts';
import { frontBefore } from './front.ts';
import {
  CALM,
  closing,
  crowd,
  deployed,
  expectGreen,
  expectRed,
  FAST,
  folder,
  INVENTORY,
  NO_LATENCY,
  siblings,
} from './stage.ts';

/** The processes that a process started. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
}

siblings('what a run says of itself', () => {
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
