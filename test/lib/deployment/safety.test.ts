import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { LOAD_REPLACED } from '../../../contract/command.ts';
import { startFront } from './front.ts';
import { onStage, people } from './stage.ts';
import { startBridge } from '../device/reference-bridge.ts';

/** Browsers whose push nobody answers: no driver is needed. */
const pushes = people('F6');
const ignored = {
  ...pushes,
  users: pushes.users.filter(({ phone, behaviour }) => phone === null && behaviour.afterTimeout === 'retry'),
};
/** Browsers with a TOTP secret: no driver, no message, no change of the account. */
const codes = people('F7');
const totp = {
  ...codes,
  users: codes.users.filter(
    ({ phone, devices, prescribed }) => phone === null && devices[0]?.type === 'TOTP' && prescribed === 'authenticated',
  ),
};

describe('caps on messages to real people', () => {
  test('refuse a plan that would exceed them, before any request, and say what it would cause', async () => {
    const n = ignored.users.length;
    await onStage(ignored, async (stage) => {
      const front = await startFront(stage.url);
      const env = { PF_BASE_URL: front.url, DEVICE_DRIVER: 'none' };
      const perRun = await stage.play({ ...env, MAX_PUSH: String(2 * n - 1) });
      expect(perRun.result.reason).toMatch(
        new RegExp(
          `^MAX_PUSH is ${2 * n - 1}, which flow ${n} of ${n} would exceed; the run may cause 0 SMS, 0 emails and ${2 * n} pushes: `,
        ),
      );
      const perUser = await stage.play({ ...env, MAX_PER_USER: '1' });
      expect(perUser.result.reason).toMatch(/^MAX_PER_USER is 1, which flow 1 of/);
      for (const { result } of [perRun, perUser]) expect(result.exit).toBe('invalid_configuration');
      front.close();
      expect(front.seen).toEqual([]);
    });
  });

  test('end a run whose options replaced the plan, when the next flow would exceed them', async () => {
    await onStage(people('F1', 'F10'), async (stage) => {
      const bridge = await startBridge(stage.phone);
      const env = {
        DEVICE_DRIVER: 'bridge',
        BRIDGE_URL: bridge.url,
        FLOWS: '1',
        MAX_PUSH: '2',
        USERS_EXHAUSTED: 'recycle',
        [LOAD_REPLACED]: 'true',
      };
      const flags = { source: 'flags', values: { iterations: 30, vus: 1 } } as const;
      const { result } = await stage.play(env, { optionLayers: [flags] });
      bridge.close();
      expect(result.reason).toContain('the next flow could send more messages than MAX_PUSH allows');
      expect(result.exit).toBe('aborted');
      expect(bridge.asked.filter(({ path }) => path === '/decide')).toHaveLength(2);
    });
  });

  test('do not hold against the simulator, which calls nobody, and cannot be set there', async () => {
    await onStage(ignored, async (stage) => {
      const { result } = await stage.play({ MAX_PUSH: '0' });
      expect(result.reason).toContain(
        'MAX_PUSH does not apply to DEVICE_DRIVER=simulated; it applies to file, bridge, none',
      );
    });
  });
});

describe('when the users run out', () => {
  const n = totp.users.length;

  test('a real deployment’s are played once, and the plan is cut to that, aloud', async () => {
    await onStage(totp, async (stage) => {
      const { table, lines, result } = await stage.play({ DEVICE_DRIVER: 'none', FLOWS: String(3 * n) });
      expect(table).toMatchObject({ flows: n, interrupted: 0 });
      expect(lines).toContain(
        `users: FLOWS=${3 * n} is reduced to ${n}, because each user is played only once (USERS_EXHAUSTED=stop)`,
      );
      expect(result.exit).toBe('pass');
    });
  });

  test('options that replace the plan end the run there', async () => {
    await onStage(totp, async (stage) => {
      const flags = { source: 'flags', values: { iterations: 3 * n, vus: 1 } } as const;
      const { table, result } = await stage.play(
        { DEVICE_DRIVER: 'none', FLOWS: '1', [LOAD_REPLACED]: 'true' },
        { optionLayers: [flags] },
      );
      expect(table.flows).toBe(n);
      expect(result.reason).toContain('each user has been used once (USERS_EXHAUSTED=stop)');
      expect(result.exit).toBe('aborted');
    });
  });

  test('those whose flows change no account may be played again without a reset, aloud', async () => {
    await onStage(totp, async (stage) => {
      const env = { DEVICE_DRIVER: 'none', FLOWS: String(2 * n), VUS: '1', USERS_EXHAUSTED: 'recycle' };
      const { table, lines } = await stage.play(env);
      expect(table).toMatchObject({ flows: 2 * n, interrupted: 0 });
      expect(lines[1]).toBe(
        `users: ${2 * n} planned flows for ${n} users, who are reused, without a reset: their flows do not change accounts (USERS_EXHAUSTED=recycle)`,
      );
    });
  });

  test('those whose flows change accounts are not, by a driver that cannot put them back', async () => {
    const locked = {
      ...codes,
      users: codes.users.filter(
        ({ phone, devices, prescribed }) =>
          phone === null && devices[0]?.type === 'TOTP' && prescribed === 'otp_failed',
      ),
    };
    await onStage(locked, async (stage) => {
      const env = {
        DEVICE_DRIVER: 'none',
        FLOWS: String(2 * locked.users.length),
        VUS: '1',
        USERS_EXHAUSTED: 'recycle',
      };
      const { result } = await stage.play(env);
      expect(result.reason).toMatch(/^DEVICE_DRIVER=none cannot reset an account, and flows of F7 change accounts/);
      expect((await stage.counts()).starts).toBe(0);
    });
  });

  test('the simulator’s are put back and played again, aloud', async () => {
    const paired = people('F1');
    const users = paired.users.length;
    await onStage(paired, async (stage) => {
      const { outcomes, table, lines } = await stage.play({ FLOWS: String(users + 2), VUS: '1' });
      expect(outcomes).toEqual(['device_paired']);
      expect(table.flows).toBe(users + 2);
      expect(lines[0]).toContain('who are reused, each after a reset of the account (USERS_EXHAUSTED=recycle)');
    });
  });
});

test('a redirect is not followed, not even by the first look at the target', async () => {
  await onStage(people('F2'), async (stage) => {
    const elsewhere = await startFront(stage.url);
    const lure = createServer((_request, response) => response.writeHead(302, { location: elsewhere.url }).end());
    await new Promise<void>((resolve) => void lure.listen(0, '127.0.0.1', resolve));
    const PF_BASE_URL = `http://127.0.0.1:${(lure.address() as AddressInfo).port}`;
    const { result } = await stage.play({ PF_BASE_URL, PHONE_URL: stage.phone });
    lure.closeAllConnections();
    lure.close();
    elsewhere.close();
    expect(result.reason).toContain(`no heartbeat from ${PF_BASE_URL} (HTTP 302)`);
    expect(elsewhere.seen).toEqual([]);
  });
});

test('the option hosts cannot send loopback elsewhere: nothing is requested', async () => {
  await onStage(people('F2'), async (stage) => {
    const base = stage.url.replace('127.0.0.1', 'localhost');
    const layer = { source: 'config', values: { hosts: { localhost: '192.0.2.1' } } } as const;
    const { result } = await stage.play({ PF_BASE_URL: base }, { optionLayers: [layer] });
    expect(result.reason).toContain('options.hosts sends localhost to 192.0.2.1, which is not loopback');
    expect(result.exit).toBe('invalid_configuration');
  });
});
