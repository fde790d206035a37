import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodeInventory } from '../../../contract/inventory.ts';
import type { Inventory } from '../../../contract/inventory.ts';
import { SeriesTotals } from '../../../contract/series-totals.ts';
import { makeInventory } from '../../../population/inventory.ts';
import { openRecord } from '../../../record/read-record.ts';
import { sumOf } from '../../../record/record-totals.ts';
import { startSimulator } from '../../../simulator/simulator.ts';
import { emptyFolder, pairstorm } from '../../cli/command.ts';
import { idleProxy } from '../../idle-proxy.ts';
import { readPlayed } from '../../verdict/played.ts';

/** `npm run check:network` plays at the pace of people, each case for a minute. */
const FULL = process.env['FULL_SIZE'] !== undefined;
const SCALE = FULL ? 1 : 0.05;
const USERS = 60;
/** A load balancer's idle time, as that of Apache and of Node: what people need to type a code is not much more. */
const IDLE_MS = 5_000;

/** Users who sign in with a code: every third types for as long as a connection may be idle, the others for up to three times that. */
function typists(): Inventory {
  const { users, ...head } = makeInventory({ users: 1_500, seed: 3, version: 'test' });
  const typing = users
    .filter(({ kind, prescribed }) => kind === 'F7' && prescribed === 'authenticated')
    .slice(0, USERS)
    .map((user, at) => {
      const afterMs = Math.round(at % 3 === 0 ? IDLE_MS : IDLE_MS * (1 + (2 * at) / USERS));
      const profile = at % 2 === 0 ? ('browser' as const) : ('android' as const);
      return { ...user, behaviour: { ...user.behaviour, profile, otp: { ...user.behaviour.otp, wrong: 0, afterMs } } };
    });
  expect(typing).toHaveLength(USERS);
  return { ...head, users: typing };
}

/** A smoke of the real command through a load balancer whose end of an idle connection takes so long to arrive. */
async function throughProxy(resend: string, noticeMs: number) {
  const inventory = typists();
  const simulator = await startSimulator({
    inventory,
    port: 0,
    latency: 'off',
    workers: 0,
    timeScale: SCALE,
    otpMs: 600_000,
  });
  const proxy = await idleProxy(simulator.url, IDLE_MS * SCALE, noticeMs);
  try {
    return await playedThrough(proxy, inventory, resend);
  } finally {
    proxy.close();
    await simulator.close();
  }
}

async function playedThrough(proxy: Awaited<ReturnType<typeof idleProxy>>, inventory: Inventory, resend: string) {
  const folder = emptyFolder();
  writeFileSync(join(folder, 'typists.json'), encodeInventory(inventory));
  const env = { PF_BASE_URL: proxy.url, INVENTORY: 'typists.json', FLOWS: String(USERS), VUS: '20' };
  const results = join(folder, 'results');
  const args = ['run', 'smoke', '--results', results, '--allow-invalid'];
  const settings = { ...env, TIME_SCALE: String(SCALE), RESEND_ON_REUSED: resend };
  const played = readPlayed(await pairstorm(folder, args, settings), results);
  const totals = new SeriesTotals();
  for await (const interval of openRecord(join(results, readdirSync(results)[0]!)).intervals()) totals.add(interval);
  const codes: Record<string, number> = {};
  for (const { tags, total } of totals.breakdown('http_reqs', ['error_code', 'peer'])) {
    const { error_code: code = '', peer } = tags;
    if (code !== '' && peer === 'pf') codes[code] = (codes[code] ?? 0) + sumOf(total);
  }
  const outcomes: Record<string, number> = {};
  for (const row of Object.values(played.result.outcomes)) {
    for (const [outcome, flows] of Object.entries(row)) outcomes[outcome] = (outcomes[outcome] ?? 0) + flows;
  }
  // Whatever became of them: no flow is lost.
  const ended = Object.values(outcomes).reduce((sum, flows) => sum + flows, 0);
  expect([played.result.flows, played.result.interrupted]).toEqual([ended, 0]);
  return { ...played, outcomes, codes, lost: proxy.lost, replaced: sumOf(totals.select('connections_replaced')) };
}

const NOTICES = FULL ? [20, 500, Infinity] : [Infinity];
const PATIENT = { timeout: FULL ? 600_000 : 60_000 };

// They wait for people who type: side by side.
describe.concurrent('An idle connection that a load balancer closes', () => {
  test.each(NOTICES)(
    'with RESEND_ON_REUSED=always a load balancer that closes idle connections (noticed after %d ms) costs no flow',
    PATIENT,
    async (noticeMs) => {
      const { code, said, outcomes, codes, lost, replaced } = await throughProxy('always', noticeMs);
      expect(codes, said).toEqual({});
      expect(outcomes).toEqual({ authenticated: USERS });
      expect(code).toBe(0);
      if (noticeMs > 20) expect(lost).toBeGreaterThan(0);
      expect(replaced).toBe(lost);
      if (lost > 0) expect(said).toContain(`connections replaced: ${lost} reused ones had been closed`);
      console.log(
        `noticed after ${noticeMs} ms: ${lost} requests met a closed connection, ${replaced} connections replaced`,
      );
    },
  );

  test(
    'with RESEND_ON_REUSED=never its failures are all of the network between, and the cause names the remedy',
    PATIENT,
    async () => {
      const { code, said, outcomes, codes, lost } = await throughProxy('never', Infinity);
      expect(Object.keys(codes)).toEqual(['1221']);
      expect(outcomes['http_error']).toBe(codes['1221']);
      expect(outcomes['http_error']! + (outcomes['authenticated'] ?? 0)).toBe(USERS);
      // The phone side, which is ours, sends again whatever is said.
      expect(codes['1221']).toBeLessThanOrEqual(lost);
      expect(code).toBe(99);
      expect(said).toContain(`failed requests: ${codes['1221']} on the way to it`);
      expect(said).toMatch(/error 1221 at .*\n.*raise the keep-alive \(idle\) timeout .* RESEND_ON_REUSED=always/);
    },
  );

  test.runIf(FULL)('by profile, browsers send again and apps do not', PATIENT, async () => {
    const { codes, replaced, file } = await throughProxy('profile', Infinity);
    const failed = file('failures.jsonl');
    expect(codes['1221']).toBeGreaterThan(0);
    expect(replaced).toBeGreaterThan(0);
    // Even ones are browsers.
    for (const line of failed.trim().split('\n')) expect((JSON.parse(line) as { user: number }).user % 2, line).toBe(1);
  });
});
