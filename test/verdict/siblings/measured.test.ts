import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PATHS } from '../../../protocol/transport.ts';
import { emptyFolder, scriptFile, start } from '../../cli/command.ts';
import { people } from '../../lib/deployment/stage.ts';
import { startBridge } from '../../lib/device/reference-bridge.ts';
import { BUILT, play, readPlayed, settings, shell } from '../played.ts';
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

siblings('what was measured, and by whom', () => {
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

    it('with few shared connections: it needs no more', async () => {
      const url = await deployed(
        crowd(() => true),
        { timeScale: 0.1 },
      );
      const results = join(emptyFolder(), 'results');
      const env = { PATH: process.env['PATH'], PF_BASE_URL: url, INVENTORY };
      const played = readPlayed(await shell(line('--shared-connections=30 --allow-invalid', results), env), results);
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
});
