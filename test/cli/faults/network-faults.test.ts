import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NETWORK_FAULTS } from '../../../catalogue/phases.ts';
import type { SummaryData } from '../../../contract/figures.ts';
import { emptyFolder, fewUsers, pairstorm, start } from '../command.ts';
import { noToxiproxy, startToxiproxy } from './toxiproxy-server.ts';
import type { ShownProxy, Toxiproxy } from './toxiproxy-server.ts';

/** `npm run check:kills` makes all of them. */
const FAULTS = process.env['KILLS'] === undefined ? ['net-reset', 'net-down'] : NETWORK_FAULTS;

const lacking = noToxiproxy();
if (lacking !== undefined) console.warn(`network faults are not tested: ${lacking}`);

/** Short parts; requests that hang are given up. */
const SHORT = [
  ...['RATE=15', 'FAULT_SHARE=1', 'RAMP=0s', 'STEADY_DURATION=500ms', 'FAULT_DURATION=1s', 'RECOVERY_DURATION=1s'],
  ...['TIMEOUT_START=700ms', 'TIMEOUT_ACTION=700ms', 'TIMEOUT_POLL=700ms'],
].flatMap((setting) => ['-e', setting]);
const QUICK = { TIME_SCALE: '0.01', INVENTORY: fewUsers() };
const SIMULATE = ['simulate', '--port', '0', '--time-scale', '0.01', '--inventory', fewUsers()];

describe.skipIf(lacking !== undefined)('Network faults by Toxiproxy', () => {
  let toxiproxy: Toxiproxy;
  beforeAll(async () => {
    toxiproxy = await startToxiproxy();
  });
  afterAll(() => toxiproxy.stop());

  async function run(args: readonly string[], env: Readonly<Record<string, string>> = QUICK) {
    const results = emptyFolder();
    const seen: ShownProxy[] = [];
    const running = start(
      results,
      ['run', 'resilience', '--toxiproxy', toxiproxy.url, '--allow-invalid', '--results', results, ...SHORT, ...args],
      env,
    );
    const over = { yet: false };
    void running.ended.then(() => (over.yet = true));
    while (!over.yet) {
      seen.push(...(await toxiproxy.proxies()));
      await delay(50);
    }
    const { code, stderr, stdout } = await running.ended;
    const folder = join(results, readdirSync(results)[0] ?? '');
    const { metrics } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as SummaryData;
    const count = (selector: string): number => metrics[selector]?.values['count'] ?? 0;
    return { code, stderr, stdout, seen, folder, count };
  }

  it('each is made once between harness and target, and none is left', { timeout: 120_000 }, async () => {
    const { code, stderr, seen, folder, count } = await run(['-e', `FAULTS=${FAULTS.join(',')}`]);
    expect([0, 99], stderr).toContain(code);
    expect(stderr).toMatch(
      /toxiproxy {2}127\.0\.0\.1:2\d{4} → 127\.0\.0\.1:\d+; FAULT_SHARE is a share of connections/,
    );
    for (const fault of FAULTS) {
      for (const edge of ['start', 'end']) expect(count(`fault_injections{edge:${edge},fault:${fault}}`)).toBe(1);
      const made = seen.some(({ enabled, toxics }) =>
        fault === 'net-down' ? !enabled : toxics.some(({ name }) => name === `pairstorm-${fault}`),
      );
      expect([fault, made]).toEqual([fault, true]);
    }
    const cut = (fault: string): number => count(`faults_seen{fault:${fault},how:cut}`);
    expect(cut('net-reset')).toBeGreaterThan(0);
    expect(cut('net-down')).toBeGreaterThan(0);
    expect(await toxiproxy.proxies()).toEqual([]);
    // The record names the target, not the proxy.
    const { target } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as { target: string };
    expect(seen.map(({ listen }) => listen)).not.toContain(new URL(target).host);
    // Flows start at the simulator as the run counts them: nothing else went through the proxy.
    expect(stderr).toMatch(/the simulator's record agrees/);
  });

  it('of a proxy that the user put somewhere only toxics are switched', { timeout: 120_000 }, async () => {
    const simulator = start(emptyFolder(), SIMULATE);
    await simulator.says(/http:\/\/127\.0\.0\.1:\d+/);
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(simulator.said())!;
    const listen = `127.0.0.1:${20_000 + Math.floor(Number(port) % 10_000)}`;
    await toxiproxy.post('/proxies', { name: 'mine', listen, upstream: `127.0.0.1:${port}`, enabled: true });
    const env = { ...QUICK, PF_BASE_URL: `http://${listen}`, PHONE_URL: `http://127.0.0.1:${port}/phone` };
    const { code, stderr, seen, count } = await run(
      ['-e', 'FAULTS=net-reset', '--toxiproxy-proxy', 'mine', '-e', 'FAULT_SHARE=0.5'],
      env,
    );
    expect([0, 99], stderr).toContain(code);
    expect(count('faults_seen{fault:net-reset,how:cut}')).toBeGreaterThan(0);
    expect(seen.flatMap(({ toxics }) => toxics).map(({ toxicity }) => toxicity)).toContain(0.5);
    expect(await toxiproxy.proxies()).toMatchObject([{ name: 'mine', enabled: true, toxics: [] }]);
    simulator.child.kill();
  });

  it('a name keeps its URL: the option hosts leads to the proxy', { timeout: 120_000 }, async () => {
    const simulator = start(emptyFolder(), SIMULATE);
    await simulator.says(/http:\/\/127\.0\.0\.1:\d+/);
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)/.exec(simulator.said())!;
    const { code, stderr, folder, count } = await run(['-e', 'FAULTS=net-reset'], {
      ...QUICK,
      PF_BASE_URL: `http://localhost:${port}`,
    });
    expect([0, 99], stderr).toContain(code);
    expect(count('faults_seen{fault:net-reset,how:cut}')).toBeGreaterThan(0);
    expect(JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'))).toMatchObject({
      target: `http://localhost:${port}`,
    });
    simulator.child.kill();
  });

  it('is looked at by a dry run, which makes nothing', async () => {
    const { code } = await pairstorm(
      emptyFolder(),
      ['run', 'resilience', '--dry-run', '--toxiproxy', toxiproxy.url, '-e', 'FAULTS=net-reset', ...SHORT],
      QUICK,
    );
    expect(code).toBe(0);
    expect((await toxiproxy.proxies()).filter(({ name }) => name !== 'mine')).toEqual([]);
  });
});
