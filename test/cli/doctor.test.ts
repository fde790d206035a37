import type { DoctorResult } from '../../cli/doctor.ts';
import { CHECKS } from '../../scenarios/doctor/line.ts';
import type { CheckName } from '../../scenarios/doctor/line.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { SimulatorSettings } from '../../simulator/index.ts';
import { emptyFolder, pairstorm, start, writeInventory } from './command.ts';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';

const folder = emptyFolder();
const INVENTORY = join(folder, 'people.json');
const QUICK = ['--simulator-option', 'latency=off'];

beforeAll(() => {
  if (!existsSync(fileURLToPath(new URL('../../dist/tools/doctor.js', import.meta.url))))
    throw new Error('npm run build first');
  writeInventory(INVENTORY, 60, 3);
});

/** Plays `doctor --json`. */
async function visit(
  options: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: number | null; result: DoctorResult }> {
  const { code, stdout, stderr } = await pairstorm(folder, ['doctor', '--json', ...options], { INVENTORY, ...env });
  expect(stdout, stderr).not.toBe('');
  return { code, result: JSON.parse(stdout) as DoctorResult };
}

/** What is wrong, but for the round trip: on a busy machine that is slow without any cause. */
function wrongIn({ checks }: DoctorResult): [CheckName, string][] {
  return checks.flatMap(({ check, is, remedy = '' }) =>
    is === 'wrong' && check !== 'round_trip' ? [[check, remedy] as [CheckName, string]] : [],
  );
}

/** A misconfiguration, and what finds it: the one check that is wrong, and what it says to do. */
interface Planted {
  readonly title: string;
  /** Options of the simulator that doctor starts itself. */
  readonly options?: readonly string[];
  /** Or settings of one that is there. */
  readonly settings?: Partial<SimulatorSettings>;
  readonly env?: Readonly<Record<string, string>>;
  readonly found: CheckName;
  readonly remedy: RegExp;
}

const PLANTED: readonly Planted[] = [
  {
    title: 'the client is not allowed redirectless flows',
    settings: { redirectless: 'off' },
    found: 'client',
    remedy: /Allow Authentication API Redirectless Mode/,
  },
  {
    title: 'the heartbeat is off',
    settings: { heartbeat: 'off' },
    found: 'heartbeat',
    remedy: /have the gateway forward the heartbeat/,
  },
  { title: 'the clock is five minutes ahead', settings: { clockSkewS: 300 }, found: 'clock', remedy: /NTP/ },
  {
    title: 'requests without the XSRF header are served',
    settings: { checkXsrf: 'off' },
    found: 'xsrf',
    remedy: /have PingFederate, or the gateway in front of it, reject them/,
  },
  {
    title: 'a state that nobody plays lies before the MFA adapter',
    options: ['policy=DEVICE_PROFILE_REQUIRED'],
    found: 'mfa',
    remedy: /describe it: PF_CUSTOM_STATUS/,
  },
  {
    title: 'the adapter asks to pair by hand',
    options: ['policy=MFA_SETUP_REQUIRED:setUpMfa,cancelAuthentication'],
    found: 'mfa',
    remedy: /mobilePayload under Tracked HTTP Parameters of the policy/,
  },
  {
    title: 'the client is cookieless, and PF_STATE says otherwise',
    settings: {},
    env: { PF_CLIENT_ID: 'pairstorm-cookieless' },
    found: 'session',
    remedy: /^set PF_STATE=cookieless$/,
  },
  {
    title: 'the status attribute is in no token',
    settings: { statusAttribute: 'none' },
    found: 'status_attribute',
    remedy: /^map the adapter’s attribute pingone\.mfa\.status into the access token/,
  },
  {
    title: 'the status attribute is in another token than PF_STATUS_FROM says',
    settings: { statusIn: 'id_token' },
    env: { PF_STATUS_FROM: 'access_token' },
    found: 'status_attribute',
    remedy: /^set PF_STATUS_FROM=id_token$/,
  },
  {
    title: 'the address has a share of a rate limit that RATE exceeds',
    settings: { rateLimit: 100 },
    found: 'rate_limit',
    remedy: /list the addresses .* as server-sourced traffic .* or keep RATE below 5\.8$/,
  },
  {
    title: 'the first factor is one of the deployment’s own',
    settings: { firstFactor: 'custom' },
    found: 'first_factor',
    remedy: /^set PF_CUSTOM_STATUS=PIN_REQUIRED, PF_CUSTOM_ACTION=checkPin and PF_CUSTOM_BODY/,
  },
];

describe.concurrent('pairstorm doctor', () => {
  it('finds nothing wrong with a simulator of its own', async () => {
    const { code, stdout } = await pairstorm(folder, ['doctor', ...QUICK], { INVENTORY });
    const lines = stdout.split('\n').filter((line) => !line.includes('round trip'));
    expect(stdout).not.toMatch(/–|✗ (?!round trip)/);
    // No request object is sent here, and nobody has to pair a phone for the check.
    const { round_trip, request_object, pairing, ...always } = CHECKS;
    expect([round_trip, stdout.includes(request_object), stdout.includes(pairing)]).toEqual([
      'round trip',
      false,
      false,
    ]);
    for (const title of Object.values(always)) expect(lines.join('\n')).toMatch(`✓ ${title}  `);
    expect(lines[0]).toMatch(/^target http:\/\/127\.0\.0\.1:\d+ \(simulator of this check\)$/);
    if (!stdout.includes('✗')) expect([code, stdout.trimEnd().split('\n').pop()]).toEqual([0, 'nothing is wrong']);
  });

  it.each(PLANTED.map((planted) => [planted.title, planted] as const))('finds that %s', async (_title, planting) => {
    const { options = [], settings, env = {}, found, remedy } = planting;
    const planted = options.flatMap((option) => ['--simulator-option', option]);
    const there = settings && (await startSimulator({ users: 60, seed: 3, latency: 'off', ...settings }));
    const target = there === undefined ? {} : { PF_BASE_URL: there.url };
    const { code, result } = await visit(there === undefined ? [...QUICK, ...planted] : [], { ...env, ...target });
    await there?.close();
    expect(wrongIn(result)).toEqual([[found, expect.stringMatching(remedy)]]);
    expect([code, result.exitCode]).toEqual([99, 99]);
  });

  it('takes a session cookie that stays the same within a flow for what PingFederate may do', async () => {
    const { result } = await visit([...QUICK, '--simulator-option', 'renewCookie=off']);
    expect(wrongIn(result)).toEqual([]);
    const check = result.checks.find(({ check }) => check === 'renewal');
    expect(check).toMatchObject({
      is: 'right',
      found: expect.stringMatching(/^the cookie PF had 1 value in \d responses$/),
    });
  });

  it('finds that the network is slow', async () => {
    const { code, result } = await visit([...QUICK, '--simulator-option', 'roundTripMs=510']);
    const check = result.checks.find(({ check }) => check === 'round_trip');
    expect(check).toMatchObject({
      is: 'wrong',
      remedy: expect.stringContaining('a machine near the target') as string,
    });
    expect([code, wrongIn(result)]).toEqual([99, []]);
  });

  it('finds that the certificate is self-signed, and is content with TLS_SKIP_VERIFY', async () => {
    const simulator = start(folder, ['simulate', '--tls', '--port', '0', '--inventory', INVENTORY]);
    let said = '';
    simulator.child.stdout.on('data', (text: string) => (said += text));
    await simulator.says('load it');
    const PF_BASE_URL = /https:\S+/.exec(said)![0];
    try {
      const { code, result } = await visit([], { PF_BASE_URL });
      expect(wrongIn(result)).toEqual([['tls', expect.stringMatching(/NODE_EXTRA_CA_CERTS.*TLS_SKIP_VERIFY=true/)]]);
      expect(result.checks.find(({ check }) => check === 'client')).toMatchObject({ is: 'unknown' });
      expect(code).toBe(99);
      const skipped = await visit([], { PF_BASE_URL, TLS_SKIP_VERIFY: 'true' });
      expect(wrongIn(skipped.result)).toEqual([]);
      expect(skipped.result.checks.find(({ check }) => check === 'tls')).toMatchObject({ is: 'unknown' });
      const plain = await visit([], { PF_BASE_URL: PF_BASE_URL.replace('https', 'http') });
      expect(wrongIn(plain.result)).toEqual([['reachable', expect.stringContaining('write https:// in PF_BASE_URL')]]);
    } finally {
      simulator.child.kill('SIGTERM');
      await simulator.ended;
    }
  });

  it.each([
    [
      'another host than loopback',
      ['-e', 'PF_BASE_URL=http://10.0.0.1'],
      /not loopback; .* set ALLOW_HOSTS=10\.0\.0\.1/,
    ],
    ['a setting of a load', ['-e', 'DURATION=5m'], /-e DURATION does not apply to doctor, which makes no load/],
    ['a misspelt setting', ['-e', 'PF_STAET=cookie'], /did you mean PF_STATE\?/],
    ['a value that is not allowed', ['-e', 'PF_STATE=biscuit'], /PF_STATE is "biscuit"; write cookie or cookieless/],
    ['a secret on the command line', ['-e', 'PF_CLIENT_SECRET=x'], /do not pass a secret on the command line/],
    ['an inventory that is not there', ['-e', 'INVENTORY=/nowhere.json'], /INVENTORY: cannot read \/nowhere\.json/],
    [
      'a simulator option for another target',
      ['-e', 'PF_BASE_URL=http://127.0.0.1:1', '--simulator-option', 'tls=true'],
      /--simulator-option has no effect: PF_BASE_URL is http:\/\/127\.0\.0\.1:1/,
    ],
    ['an argument', ['smoke'], /it takes no scenario; write pairstorm doctor/],
  ] as const)('refuses %s with 104 and one line', async (_title, args, says) => {
    const { code, stdout, stderr } = await pairstorm(folder, ['doctor', '--json', ...args], { INVENTORY });
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 104,
      checks: [],
      reason: expect.stringMatching(says) as string,
    });
    expect(code).toBe(104);
  });
});
