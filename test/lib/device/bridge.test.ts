import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BRIDGE_PATHS } from '../../../lib/device/bridge-api.ts';
import { CAPABILITIES } from '../../../lib/device/driver-capabilities.ts';
import { onStage, people } from '../deployment/stage.ts';
import type { Stage } from '../deployment/stage.ts';
import { prescribed } from '../flow/stage.ts';
import { startBridge } from './reference-bridge.ts';
import type { Bridge, Odd } from './reference-bridge.ts';

/** People whose outcome waits for no lifetime of the server to end: no time decides about them. */
function playable(...kinds: readonly string[]) {
  const { users, ...head } = people(...kinds);
  const waits = ({ prescribed: outcome, behaviour: { push, otp } }: (typeof users)[number]): boolean =>
    push?.decision === 'ignore' || outcome === 'expired' || (outcome === 'otp_failed' && otp?.wrong === 0);
  return { ...head, users: users.filter((user) => !waits(user)) };
}

/** Plays an inventory on a stage with a bridge of its own. */
function overBridge<T>(
  kinds: readonly string[],
  odd: Odd,
  play: (stage: Stage, bridge: Bridge) => Promise<T>,
): Promise<T> {
  return onStage(playable(...kinds), async (stage) => {
    const bridge = await startBridge(stage.phone, odd);
    try {
      return await play(stage, bridge);
    } finally {
      bridge.close();
    }
  });
}

const settings = (bridge: Bridge) => ({ DEVICE_DRIVER: 'bridge', BRIDGE_URL: bridge.url });

describe('a bridge to the phones', () => {
  test('plays every kind that waits for no lifetime to the outcome that is prescribed', async () => {
    const inventory = playable();
    await overBridge([], { token: 'bridge-token-7' }, async (stage, bridge) => {
      const { table, result, lines } = await stage.play({ ...settings(bridge), BRIDGE_TOKEN: 'bridge-token-7' });
      expect(table.outcomes, lines.join('\n')).toEqual(prescribed(inventory));
      expect(result.exit).toBe('pass');
      const [greeting, ...requests] = bridge.asked;
      expect(greeting!.path).toBe('/capabilities');
      expect(new Set(requests.map(({ path }) => path))).toEqual(
        new Set(['/reset', '/payload', '/pair', '/decide', '/code']),
      );
      expect(bridge.asked.every(({ authorization }) => authorization === 'Bearer bridge-token-7')).toBe(true);
      const names = new Set(inventory.users.map(({ username }) => username));
      for (const { body } of requests) expect(names).toContain((body['user'] as { username: string }).username);
      // One flow, one id: no flow is asked for a payload twice.
      const payloads = requests.filter(({ path }) => path === '/payload').map(({ body }) => body['flow']);
      expect(new Set(payloads).size).toBe(payloads.length);
      // Passwords and TOTP secrets are none of its business.
      const told = JSON.stringify(requests);
      for (const { password, devices } of inventory.users) {
        for (const secret of [password, ...devices.map((device) => device.secret)]) {
          if (secret !== undefined) expect(told).not.toContain(secret);
        }
      }
      expect(lines).toContainEqual(expect.stringMatching(/^messages: up to \d+ SMS, \d+ emails and \d+ pushes/));
    });
  });

  test.each<[string, Odd, RegExp]>([
    [
      'cannot do what the users need',
      { can: ['payload', 'decide'] },
      /^DEVICE_DRIVER=bridge cannot pair a phone \(F1, F4\), make a pairing fail \(F3, F4\); use/,
    ],
    ['speaks another version', { version: 2 }, /^BRIDGE_URL: no bridge answers at .*not of version 1/],
    [
      'says something strange',
      { can: ['fly'] },
      /the bridge reports the unknown capability "fly"; known: payload/,
    ],
    ['wants a token', { token: 'x' }, /^BRIDGE_URL: no bridge answers .*HTTP 401.*correct URL and token/],
    ['is a web page', { instead: () => [200, '<html>'] }, /^BRIDGE_URL: no bridge answers/],
  ])('that %s is refused before the first flow', async (_title, odd, reason) => {
    await overBridge(['F1', 'F3', 'F4'], odd, async (stage, bridge) => {
      const { result } = await stage.play(settings(bridge));
      expect(result.reason).toMatch(reason);
      expect(result.exit).toBe('invalid_configuration');
      expect((await stage.counts()).starts).toBe(0);
    });
  });

  test('that goes wrong in mid-run ends the flow as a fault of the harness, with its code and nothing else it says', async () => {
    const talkative = {
      instead: (path: string) =>
        path === '/payload' ? ([500, '{"code":"SDK_CRASHED","message":"Rosa 482913"}'] as const) : undefined,
    };
    await overBridge(['F1'], talkative, async (stage, bridge) => {
      const { outcomes, lines } = await stage.play(settings(bridge));
      expect(outcomes).toEqual(['harness_error']);
      expect(lines.join()).toContain('the device driver returned no payload:  SDK_CRASHED');
      expect(lines.join()).not.toMatch(/Rosa|482913/);
    });
  });

  test('that never answers is given up after BRIDGE_TIMEOUT', async () => {
    const silent = { instead: (path: string) => (path === '/payload' ? ('silence' as const) : undefined) };
    await overBridge(['F1'], silent, async (stage, bridge) => {
      const { outcomes, lines } = await stage.play({ ...settings(bridge), BRIDGE_TIMEOUT: '100ms' });
      expect(outcomes).toEqual(['harness_error']);
      expect(lines.join()).toContain('the device driver returned no payload:  error 1050');
    });
  });

  test('puts accounts back when users are played again, and without that they are not played again', async () => {
    const n = playable('F1').users.length;
    const twice = { FLOWS: String(2 * n), VUS: '1', USERS_EXHAUSTED: 'recycle' };
    await overBridge(['F1'], {}, async (stage, bridge) => {
      const { outcomes, lines } = await stage.play({ ...settings(bridge), ...twice });
      expect(outcomes).toEqual(['device_paired']);
      // Each once before the run, and once before the second flow.
      expect(bridge.asked.filter(({ path }) => path === '/reset')).toHaveLength(2 * n);
      expect(lines).toContainEqual(
        expect.stringContaining(`${2 * n} planned flows for ${n} users, who are reused, each after a reset`),
      );
    });
    await overBridge(['F1'], { can: ['payload', 'pair'] }, async (stage, bridge) => {
      const { result } = await stage.play({ ...settings(bridge), ...twice });
      expect(result.reason).toMatch(
        /^DEVICE_DRIVER=bridge cannot reset an account, and flows of F1 change accounts/,
      );
      expect(result.exit).toBe('invalid_configuration');
    });
    // The accounts are put back before the run, and not again.
    let resets = 0;
    const busy = [409, '{"code":"BUSY"}'] as const;
    const broken = { instead: (path: string) => (path === '/reset' && ++resets > n ? busy : undefined) };
    await overBridge(['F1'], broken, async (stage, bridge) => {
      const { table, lines } = await stage.play({ ...settings(bridge), ...twice });
      expect(table.outcomes).toEqual({ F1: { device_paired: n, harness_error: n } });
      expect(lines.join()).toContain('could not reset the account: BUSY');
    });
  });
});

test('the guide to the bridge names every request and every capability', () => {
  const guide = readFileSync('docs/bridge.md', 'utf8');
  for (const path of Object.values(BRIDGE_PATHS)) expect(guide).toContain(`\`${path}\``);
  for (const [name, meaning] of Object.entries(CAPABILITIES)) expect(guide).toContain(`| \`${name}\` | ${meaning} |`);
});
