import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import type { SimulatorCounts } from '../../simulator/wire/admin-api.ts';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { CountStore, MAX_RUN_IDS } from '../../simulator/admin/counts.ts';
import { METRICS_PATH } from '../../simulator/routes.ts';
import { createDeployment, sweep } from '../../simulator/deployment.ts';
import { resolveSettings } from '../../simulator/settings.ts';
import { createWebServer } from '../../simulator/web-server.ts';
import { PEOPLE } from './people.ts';
import { Player, payloadOf } from './player.ts';
import { stage } from './stage.ts';
import type { Stage } from './stage.ts';

let simulator: Stage;
beforeAll(async () => {
  simulator = await stage();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await fetch(simulator.url + ADMIN_PATHS.reset, { method: 'POST' });
});

const counts = async (): Promise<SimulatorCounts> =>
  (await (await fetch(simulator.url + ADMIN_PATHS.counts)).json()) as SimulatorCounts;

describe("the simulator's own record", () => {
  it('says exactly what was done', async () => {
    const complete = simulator.player();
    await complete.signIn('new', { state: 'run-a.1' });
    await complete.start({ state: 'run-a.2' });
    await complete.start({ state: 'run-b.1' });
    await complete.start({ client_id: 'nobody', state: 'run-b.2' });
    const paired = simulator.player();
    await paired.authenticate('new');
    await paired.finish();
    await paired.redeem();
    const denied = simulator.player();
    await denied.authenticate('mobile');
    await denied.phone('decide', { deviceId: 'mobile-1', decision: 'deny' });
    await denied.act('cancelAuthentication');
    const { served, busySeconds, ...counted } = await counts();
    expect([served, busySeconds]).toEqual([0, 0]);
    expect(counted).toEqual({
      starts: 5,
      startsByRun: { 'run-a': 2, 'run-b': 1, '': 2 },
      completed: { device_not_paired: 1 },
      failed: { PUSH_CONFIRMATION_REJECTED: 1 },
      expired: {},
      forgotten: {},
      faults: {},
      open: { AUTHENTICATION_REQUIRED: 1, USERNAME_PASSWORD_REQUIRED: 2 },
      tokens: 1,
    } satisfies Omit<SimulatorCounts, 'served' | 'busySeconds'>);
  });

  it('loses no flow: starts = completed + failed + expired + open', async () => {
    const names = ['new', 'sms', 'locked', 'mobile', 'email'];
    for (const [n, name] of [...names, ...names].entries()) {
      const player = simulator.player();
      await player.authenticate(name);
      if (n % 2 === 0) await player.act('cancelAuthentication');
      else if (name === 'new') await player.finish();
      if (n === 6) simulator.pass(LIFETIMES.flowIdleMs + 1);
    }
    const record = await counts();
    const sum = (part: Readonly<Record<string, number>>): number => Object.values(part).reduce((a, b) => a + b, 0);
    expect(record.starts).toBe(10);
    expect(sum(record.completed) + sum(record.failed) + sum(record.expired) + sum(record.open)).toBe(10);
    for (const part of [record.completed, record.failed, record.expired, record.open]) {
      expect(sum(part)).toBeGreaterThan(0);
    }
  });

  it('starts anew after a reset, accounts and flows too', async () => {
    const player = simulator.player();
    await player.authenticate('new');
    const { serverPayload } = player.last;
    const mobilePayload = payloadOf();
    expect((await player.phone('pair', { serverPayload, mobilePayload })).http).toBe(200);
    expect((await fetch(simulator.url + ADMIN_PATHS.reset, { method: 'POST' })).status).toBe(204);
    expect(await counts()).toMatchObject({ starts: 0, startsByRun: {}, open: {}, tokens: 0 });
    expect((await player.read()).http).toBe(404);
    await player.signIn('new');
    expect(player.last.devices).toEqual([]);
  });

  it('keeps a bounded number of run ids apart', () => {
    const bounded = new CountStore();
    for (let n = 0; n < MAX_RUN_IDS + 5; n++) bounded.started(`run-${n}.1`);
    bounded.started('run-3.2');
    bounded.started(`${'x'.repeat(500)}.1`);
    const { startsByRun, starts } = bounded.read({});
    expect(Object.keys(startsByRun)).toHaveLength(MAX_RUN_IDS + 1);
    expect([startsByRun['run-3'], startsByRun['other'], starts]).toEqual([2, 6, MAX_RUN_IDS + 7]);
  });
});

describe('the metrics', () => {
  it('count requests by action, status and result, and show open flows', async () => {
    const player = simulator.player();
    await player.authenticate('sms');
    await player.act('checkOtp', { otp: 'wrong' });
    await player.act('dance');
    const text = await (await fetch(simulator.url + METRICS_PATH)).text();
    expect(text).toContain('requests_total{action="checkOtp",http_status="400",code="INVALID_OTP"} 1');
    expect(text).toContain('requests_total{action="unknown",http_status="400",code="INVALID_ACTION_ID"} 1');
    expect(text).toContain('pairstorm_simulator_open_flows{status="OTP_REQUIRED"} 1');
    expect(text).toContain('pairstorm_simulator_queue_length 0');
    expect(text).toContain('pairstorm_simulator_workers_busy 0');
  });
});

describe('memory', () => {
  it('holds nothing of flows that have ended, of codes that were redeemed, or of what was abandoned', async () => {
    let clock = 1_700_000_000_000;
    const settings = resolveSettings({ latency: 'off', workers: 0 });
    const deployment = await createDeployment(settings, PEOPLE, () => clock);
    const app = await createWebServer(deployment);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    try {
      for (let n = 0; n < 30; n++) {
        const player = new Player(url);
        await player.authenticate(['new', 'mobile', 'sms'][n % 3]!);
        if (n % 2 === 0) await player.act('cancelAuthentication');
        else if (n % 3 === 0) await (n % 4 === 1 ? player.finish() : player.act('continueAuthentication'));
      }
      expect(deployment.flows.size).toBe(10);
      expect(deployment.codes.size).toBe(3);
      clock += 61_000;
      sweep(deployment);
      expect([deployment.flows.size, deployment.codes.size]).toEqual([0, 0]);
      expect(deployment.accounts.findDevice('mobile-1')?.waiting).toBeNull();
    } finally {
      await app.close();
    }
  });
});
