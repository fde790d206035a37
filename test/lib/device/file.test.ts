import { describe, expect, test } from 'vitest';
import { LOAD_REPLACED } from '../../../contract/command.ts';
import { startFront } from '../deployment/front.ts';
import { onStage, people } from '../deployment/stage.ts';
import { sdkPayload } from './reference-bridge.ts';

/** Users who need a payload and no more of a phone: they give up pairing, or cancel it. */
const inventory = people('F2', 'F11');
const withPhone = {
  ...inventory,
  users: inventory.users.filter(({ phone, devices }) => phone !== null && devices.length === 0),
};
const n = withPhone.users.length;
const payloads = (count: number): string =>
  Array.from({ length: count }, (_, at) => sdkPayload(withPhone.users[at % n]!.phone!, `captured-${at}`)).join('\n');

/** Payloads that PingFederate was sent, in the order of arrival. */
const sentIn = (seen: Awaited<ReturnType<typeof startFront>>['seen']): string[] =>
  seen.flatMap(({ body }) => /"mobilePayload":"([^"]+)"/.exec(body)?.[1] ?? []);

describe('payloads out of a file', () => {
  test('are each used once, and lead to the prescribed outcomes', async () => {
    expect(n).toBeGreaterThan(2);
    await onStage(withPhone, async (stage) => {
      const front = await startFront(stage.url);
      const PAYLOADS = stage.file('payloads.txt', `\n${payloads(n)}\n\n`);
      const { result, lines } = await stage.play({ PF_BASE_URL: front.url, DEVICE_DRIVER: 'file', PAYLOADS });
      front.close();
      expect(result.exit, lines.join('\n')).toBe('pass');
      const sent = sentIn(front.seen);
      expect(new Set(sent).size).toBe(sent.length);
      expect(sent.length).toBeGreaterThan(1);
      for (const payload of sent) expect(payloads(n)).toContain(payload);
    });
  });

  test('that are too few are an error before the first flow, unless they are cycled', async () => {
    await onStage(withPhone, async (stage) => {
      const front = await startFront(stage.url);
      const env = { PF_BASE_URL: front.url, DEVICE_DRIVER: 'file', PAYLOADS: stage.file('one.txt', payloads(1)) };
      const { result } = await stage.play(env);
      expect(result.reason).toMatch(
        new RegExp(`^PAYLOADS has 1 payloads, and the run plans ${n} flows .*PAYLOADS_USE=cycle`),
      );
      expect(result.exit).toBe('invalid_configuration');
      expect(front.seen).toEqual([]);
      const cycled = await stage.play({ ...env, PAYLOADS_USE: 'cycle' });
      front.close();
      expect(cycled.result.exit).not.toBe('invalid_configuration');
      const sent = sentIn(front.seen);
      expect(sent.length).toBeGreaterThan(1);
      expect(new Set(sent).size).toBe(1);
    });
  });

  test('that run out because options replaced the plan end the run and say why', async () => {
    await onStage(withPhone, async (stage) => {
      const env = {
        DEVICE_DRIVER: 'file',
        PAYLOADS: stage.file('two.txt', payloads(2)),
        FLOWS: '2',
        [LOAD_REPLACED]: 'true',
      };
      const flags = { source: 'flags', values: { iterations: n, vus: 1 } } as const;
      const { result } = await stage.play(env, { optionLayers: [flags] });
      expect(result.reason).toContain('PAYLOADS is exhausted: it has 2 payloads, each used once');
      expect(result.exit).toBe('aborted');
    });
  });

  test.each([
    ['that is not there', undefined, /^PAYLOADS: cannot read .*none\.txt/],
    ['without a payload', '\n\n', /^PAYLOADS: .* contains no payloads/],
    ['with a space in a line', 'secret-payload\nsecret payload', /^PAYLOADS: line 2 of .* contains a space/],
  ])('a file %s is refused and not repeated', async (_title, content, reason) => {
    await onStage(withPhone, async (stage) => {
      const PAYLOADS = content === undefined ? '/tmp/none.txt' : stage.file('payloads.txt', content);
      const { result } = await stage.play({ DEVICE_DRIVER: 'file', PAYLOADS });
      expect(result.reason).toMatch(reason);
      expect(result.reason).not.toContain('secret');
      expect(result.exit).toBe('invalid_configuration');
    });
  });
});

test.each([
  [
    'file',
    /^DEVICE_DRIVER=file cannot pair a phone \(F1\), answer a push \(F5, F10\), read a code sent to a device \(F7\); use/,
  ],
  [
    'none',
    /^DEVICE_DRIVER=none cannot provide mobile payloads \(F1, F5, F7, F10\), pair a phone \(F1\), answer a push \(F5, F10\), /,
  ],
])(
  'users who need more than the driver %s can do are refused before the first flow, by kind',
  async (driver, reason) => {
    const all = people('F1', 'F5', 'F7', 'F10');
    // F7 also pairs; here only those who do not.
    const chosen = {
      ...all,
      users: all.users.filter(({ kind, behaviour }) => kind !== 'F7' || behaviour.pairing?.result !== 'sdk_error'),
    };
    const needy = {
      ...chosen,
      users: chosen.users.filter(
        ({ kind, behaviour }) =>
          kind === 'F1' || behaviour.pairing === undefined || behaviour.pairing.result === 'gives_up',
      ),
    };
    await onStage(needy, async (stage) => {
      const PAYLOADS = driver === 'file' ? stage.file('p', payloads(100)) : '';
      const { result } = await stage.play({ DEVICE_DRIVER: driver, PAYLOADS });
      expect(result.reason).toMatch(reason);
      expect((await stage.counts()).starts).toBe(0);
    });
  },
);

test('without any driver, browsers with TOTP secrets and pushes that nobody answers can be loaded', async () => {
  const all = people('F6', 'F7');
  const users = all.users.filter(
    ({ phone, devices, behaviour }) =>
      phone === null && (behaviour.push?.decision === 'ignore' || devices[0]?.secret !== undefined),
  );
  await onStage({ ...all, users }, async (stage) => {
    const { result, outcomes, lines } = await stage.play({ DEVICE_DRIVER: 'none' });
    expect(result.exit, lines.join('\n')).toBe('pass');
    expect([...outcomes].sort()).toEqual(['authenticated', 'otp_failed', 'timed_out']);
  });
});
