import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ResultObject } from '../../cli/result.ts';
import { inTime } from '../late-machine.ts';
import { emptyFolder, pairstorm, scriptFile, start, writeInventory } from './command.ts';
import type { Running } from './command.ts';

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
const NO_LATENCY = ['--simulator-option', 'latency=off'];
/** So fast that a busy machine may miss a deadline: where the outcomes do not matter. */
const FAST = { INVENTORY, TIME_SCALE: '0.02' };

beforeAll(() => {
  if (!existsSync(fileURLToPath(new URL('../../dist/smoke.js', import.meta.url))))
    throw new Error('npm run build first');
  writeInventory(INVENTORY, 800, 3);
});

/** Σ outcomes. */
function ended({ outcomes }: ResultObject): number {
  return Object.values(outcomes).reduce(
    (sum, counts) => sum + Object.values(counts).reduce((flows, count) => flows + count, 0),
    0,
  );
}

/** The address that a run's banner names. */
function simulatorOf({ child }: Running): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stderr.on('data', (chunk: string) => {
      text += chunk;
      const found = /target +(http\S+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
}

describe('pairstorm run smoke', () => {
  it('starts a simulator of its own, passes, and the simulator agrees on the flows', async () => {
    const { code, stderr, result } = await inTime(
      0.1,
      async (timeScale) => {
        const env = { INVENTORY, TIME_SCALE: String(timeScale) };
        const run = await pairstorm(folder, ['run', 'smoke', '--json', '--allow-invalid', ...NO_LATENCY], env);
        return { ...run, result: JSON.parse(run.stdout) as ResultObject };
      },
      ({ result }) => (result.verdict === 'pass' ? undefined : result.ownDelay),
    );
    expect(result.thresholds.filter(({ ok }) => !ok)).toEqual([]);
    expect(result).toMatchObject({ verdict: 'pass', exitCode: 0, interrupted: 0, unanswered: 0 });
    expect(result.simulator).toEqual({ starts: result.flows });
    expect(ended(result)).toBe(result.flows);
    expect(stderr).toMatch(/target {5}http:\/\/127\.0\.0\.1:\d+ \(simulator of this run\)/);
    expect(stderr).toMatch(/inventory {2}800 users, seed 3, /);
    expect(stderr).toContain(`the simulator's record agrees: ${result.flows} flow starts answered of ${result.flows}`);
    expect(code).toBe(0);
  }, 240_000);

  it('ends with 105 on Ctrl-C, and no flow is lost', async () => {
    const args = ['run', 'load', '--json', '-e', 'RATE=20', '-e', 'RAMP=1s', '--interval', '10m'];
    const running = start(folder, args, { INVENTORY });
    const url = await simulatorOf(running);
    // Interrupted only once flows are under way, whatever the speed of this machine.
    for (let starts = 0; starts < 5;) {
      const counts = (await (await fetch(`${url}/admin/counts`)).json()) as { starts: number };
      starts = counts.starts;
    }
    // Before anything of the first interval is known, too, flows are what is counted.
    await running.says(/^0:\d\d\/1:01 {2}\d+ VUs {2}\d+\.\d.* flows\/s/m);
    running.child.kill('SIGINT');
    await running.says('finishing flows');
    await running.says(/ VUs {2}finishing \d+ flows? \(up to .*\)/);
    running.child.kill('SIGINT');
    const { code, stdout } = await running.ended;
    const result = JSON.parse(stdout) as ResultObject;
    expect(code).toBe(105);
    expect(result.verdict).toBe('interrupted');
    expect(result.flows).toBeGreaterThanOrEqual(5);
    expect(ended(result) + result.interrupted).toBe(result.flows);
    expect(result.simulator!.starts).toBeLessThanOrEqual(result.flows);
    expect(result.simulator!.starts).toBeGreaterThanOrEqual(result.flows - result.unanswered);
    // The simulator is gone with the run.
    await expect(fetch(url)).rejects.toThrow();
  });

  it('leaves no simulator behind when it is killed', async () => {
    const running = start(folder, ['run', 'load'], { INVENTORY });
    const url = await simulatorOf(running);
    running.child.kill('SIGKILL');
    await running.ended;
    // The simulator ends when the channel to the run closes: asked until it no longer answers.
    const forever = async (): Promise<never> => {
      for (;;) await (await fetch(`${url}/admin/counts`)).text();
    };
    await expect(forever()).rejects.toThrow();
  });

  it.each([
    ['104', 'a host that nobody allowed', 'https://sso.example.com', /sso\.example\.com, which is not loopback/],
    ['104', 'a target that does not answer', 'http://127.0.0.1:1', /no heartbeat from http:\/\/127\.0\.0\.1:1 /],
  ])('ends with %s and one line for %s', async (exit, _title, url, says) => {
    const env = { ...FAST, PF_BASE_URL: url };
    const { code, stdout, stderr } = await pairstorm(folder, ['run', 'smoke', '--quiet'], env);
    expect(stderr).toMatch(says);
    expect(stderr.match(/^error: /gm)).toHaveLength(1);
    expect(stderr).not.toMatch(/\n {4}at /);
    expect(stdout).toBe('');
    expect(code).toBe(Number(exit));
  });

  it('fails a run against a deployment whose tokens lack the status attribute, by a setting of the simulator', async () => {
    const flags = ['--allow-invalid', '--simulator-option', 'statusAttribute=none'];
    const { code, stdout } = await pairstorm(folder, ['run', 'smoke', '--json', ...flags], FAST);
    const result = JSON.parse(stdout) as ResultObject;
    expect(result.outcomes.F1?.unverified).toBeGreaterThan(0);
    expect(code).toBe(99);
  });
});

describe('A password in a URL', () => {
  it('is refused, and not repeated in banner, error or object', async () => {
    const env = { ...FAST, PF_BASE_URL: 'http://me:hunter2@127.0.0.1:1', PHONE_URL: 'http://me:hunter2@127.0.0.1:2' };
    const { code, stdout, stderr } = await pairstorm(folder, ['run', 'smoke', '--json'], env);
    expect(stderr).toContain('target     http://…@127.0.0.1:1');
    expect(stdout + stderr).not.toContain('hunter2');
    expect(code).toBe(104);
  });
});

describe('pairstorm run FILE --simulator', () => {
  it('gives the script a simulator, and says loudly if its record disagrees', async () => {
    const script = scriptFile(
      folder,
      'lost.js',
      `const http = require('k6/http');
       const { Counter } = require('k6/metrics');
       const [flows, answered] = [new Counter('flows'), new Counter('starts_answered')];
       exports.default = async () => {
         const heartbeat = await http.asyncRequest('GET', __ENV.PF_BASE_URL + '/pf/heartbeat.ping');
         if (heartbeat.status === 200) for (const counter of [flows, answered]) counter.add(3);
       };`,
    );
    const env = { INVENTORY };
    const { code, stdout, stderr } = await pairstorm(
      folder,
      ['run', script, '--simulator', '--json', '--quiet', '--allow-invalid'],
      env,
    );
    expect(JSON.parse(stdout)).toMatchObject({ flows: 3, simulator: { starts: 0 } });
    expect(stderr).toMatch(/^RECORDS DISAGREE: the simulator answered 0 flow starts, the harness counts 3 flows/m);
    expect(code).toBe(0);
  });

  it('needs no inventory beside the script: the simulator has the one of the package', async () => {
    const script = scriptFile(
      folder,
      'mine.ts',
      `import http from 'k6/http';
       import { check } from 'k6';
       export const options = { vus: 2, iterations: 6, thresholds: { checks: ['rate==1'] } };
       export default async function (): Promise<void> {
         const res = await http.asyncRequest('GET', __ENV.PF_BASE_URL + '/pf/heartbeat.ping');
         check(res, { 'it beats': (r) => r.status === 200 });
       }`,
    );
    const { code, stderr } = await pairstorm(folder, ['run', script, '--simulator', '--quiet', '--allow-invalid']);
    expect(stderr).not.toContain('error');
    expect(code).toBe(0);
  });

  it('plays flows over TLS, trusting the certificate that the simulator made for itself', async () => {
    const flags = ['--simulator-option', 'tls=true', ...NO_LATENCY];
    const { stdout, stderr } = await pairstorm(folder, ['run', 'smoke', '--json', ...flags], FAST);
    const result = JSON.parse(stdout) as ResultObject;
    expect(stderr).toMatch(/target +https:/);
    expect(result).toMatchObject({ unanswered: 0, simulator: { starts: result.flows } });
    expect(result.outcomes.F1?.device_paired).toBeGreaterThan(0);
  });

  it('leaves a target that the user named alone', async () => {
    const simulator = start(folder, ['simulate', '--port', '0', '--inventory', INVENTORY, '--time-scale', '0.02']);
    let text = '';
    simulator.child.stdout.on('data', (chunk: string) => (text += chunk));
    await simulator.says(/load it .*\n/);
    const url = /http:\/\/[\d.]+:\d+/.exec(text)![0];
    try {
      const env = { ...FAST, PF_BASE_URL: url };
      const { stdout, stderr } = await pairstorm(folder, ['run', 'smoke', '--json'], env);
      const { flows, simulator: own } = JSON.parse(stdout) as ResultObject;
      expect(own).toBeNull();
      expect(stderr).not.toContain('record');
      expect(await (await fetch(`${url}/admin/counts`)).json()).toMatchObject({ starts: flows });
      expect((await fetch(`${url}/pf/heartbeat.ping`)).status).toBe(200);
    } finally {
      simulator.child.kill('SIGTERM');
      await simulator.ended;
    }
  });
});
