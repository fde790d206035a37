import { STANDARD_FAULTS } from '../../catalogue/phases.ts';
import { readReportModel } from '../../cli/record/read-report-model.ts';
import type { ResultObject } from '../../cli/result.ts';
import type { SummaryData } from '../../contract/figures.ts';
import { encodeInventory } from '../../contract/inventory.ts';
import { humanMs } from '../../lib/population/human-duration.ts';
import { makeInventory } from '../../population/inventory.ts';
import { htmlReport } from '../../report/html/page.ts';
import { jsonReport } from '../../report/json.ts';
import { junitReport } from '../../report/junit.ts';
import { markdownReport } from '../../report/markdown.ts';
import { inTime } from '../late-machine.ts';
import { emptyFolder, pairstorm, start } from './command.ts';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';

const folder = emptyFolder();
const file = (name: string): string => join(folder, name);

/** No flow takes longer than 10 s of think time, 0.5 s here. */
const QUICK = { INVENTORY: file('quick.json'), TIME_SCALE: '0.05' };
/** Everybody pairs a first phone: one request after the other, and no poll. */
const PAIRING = { INVENTORY: file('pairing.json'), TIME_SCALE: '0.05' };
/** Whether this machine keeps up is not what these tests are about. */
const COMMON = ['--allow-invalid', '--json', '--quiet', '--workers', '0'];

beforeAll(() => {
  const all = makeInventory({ users: 3000, seed: 5, version: 'test' });
  const write = (name: string, of: (user: (typeof all.users)[number]) => boolean): void =>
    writeFileSync(file(name), encodeInventory({ ...all, users: all.users.filter(of) }));
  write('quick.json', (user) => humanMs(user) < 10_000);
  writeFileSync(file('hosts.json'), '{"hosts":{"localhost":"192.0.2.1"}}');
  write('pairing.json', ({ kind }) => kind === 'F1');
});

async function run(args: readonly string[], env: Record<string, string>) {
  const results = emptyFolder();
  const ended = await pairstorm(folder, ['run', ...args, '--results', results], env);
  const name = readdirSync(results)[0];
  const summary = name === undefined ? undefined : readFileSync(join(results, name, 'summary.json'), 'utf8');
  const metrics = summary === undefined ? {} : (JSON.parse(summary) as SummaryData).metrics;
  const count = (selector: string): number => metrics[selector]?.values['count'] ?? 0;
  const kept = (): ResultObject | undefined =>
    name === undefined
      ? undefined
      : (JSON.parse(readFileSync(join(results, name, 'result.json'), 'utf8')) as ResultObject);
  const place = join(results, name ?? '');
  return { ...ended, count, kept, place, result: () => JSON.parse(ended.stdout) as ResultObject };
}

/** Started = Σ outcomes + interrupted. */
function expectNothingLost({ flows, outcomes, interrupted }: ResultObject): void {
  const ended = Object.values(outcomes).flatMap((kind) => Object.values(kind));
  expect(ended.reduce((sum, n) => sum + n, 0) + interrupted).toBe(flows);
}

describe.concurrent('pairstorm run capacity', () => {
  const settings = ['-e', 'ARRIVALS=even', '-e', 'START_RATE=1', '-e', 'STEP_DURATION=1s'];
  // One request at a time, and no queue: one flow alone is served, two at a time are not.
  const smallest = ['workers=1', 'queueLimit=0', 'latencyMs=50', 'latencySigma=0'].flatMap((option) => [
    '--simulator-option',
    option,
  ]);

  it('goes up until requests fail, says which rate held, and passes: to find the limit is not a failure', async () => {
    const steps = ['-e', 'STEP_RATE=60', '-e', 'MAX_RATE=61', '-e', 'P95_MS=60000'];
    const { code, result, place } = await run(['capacity', ...COMMON, ...settings, ...steps, ...smallest], PAIRING);
    expect(result()).toMatchObject({ verdict: 'pass', reason: '1 flows/s held, 61 flows/s did not' });
    // The rates stand in every form of the report, and whether each held.
    const model = await readReportModel(place);
    expect(markdownReport(model)).toMatch(/^\| 1 flows\/s \| held \|.*\n\| 61 flows\/s \| broke \|/m);
    expect(htmlReport(model)).toMatch(/>1\sflows\/s<[^]*>held<[^]*>61\sflows\/s<[^]*>broke</);
    expect(junitReport(model)).toMatch(
      /name="1 flows\/s holds"[^>]*>\s*<system-out[^]*name="61 flows\/s holds"[^>]*>\s*<skipped/,
    );
    const [first, second] = (JSON.parse(jsonReport(model)) as { levels: Record<string, unknown>[] }).levels;
    expect([first, second]).toMatchObject([
      { name: '01', rate: 1, ending: 'held' },
      { name: '02', rate: 61, ending: 'broke' },
    ]);
    expect(
      result()
        .thresholds.filter(({ ok }) => !ok)
        .map(({ metric }) => metric),
    ).toContain('http_req_failed{level:02,peer:pf}');
    expectNothingLost(result());
    expect(code).toBe(0);
  });

  it('fails with 99 where not even the first rate holds, and prints the table of rates on stdout', async () => {
    const args = ['capacity', '--allow-invalid', '--quiet', ...settings, '-e', 'MAX_RATE=1', '-e', 'P95_MS=1'];
    const { code, stdout } = await run([...args, ...smallest], PAIRING);
    expect(stdout).toMatch(
      /CAPACITY\n.*requests\/s.*\n +1 flows\/s .* broke\n +no rate held; at 1 flows\/s: http_req_dur/,
    );
    expect(code).toBe(99);
  });

  it('warns of steps that are shorter than a flow may take, in a dry run too', async () => {
    const short = ['capacity', ...settings, '-e', 'MAX_RATE=1', '-e', 'STEP_DURATION=200ms', '-e', 'P95_MS=60000'];
    const warning = /STEP_DURATION is 0\.2 s, and a flow may take 0\.5 s: a rate may hold only because its load/;
    const [played, dry] = await Promise.all([
      run([...short, '--allow-invalid', '--quiet'], QUICK),
      run([...short, '--dry-run'], QUICK),
    ]);
    expect(played.stderr).toMatch(warning);
    expect(dry.stderr).toMatch(warning);
    expect(dry.code, dry.stderr).toBe(0);
  });

  it('says that there is more to find where all rates held', async () => {
    const { code, result } = await run(
      ['capacity', ...COMMON, ...settings, '-e', 'MAX_RATE=1', '-e', 'P95_MS=60000'],
      PAIRING,
    );
    expect(result()).toMatchObject({ verdict: 'pass', reason: '1 flows/s held, the highest rate tried' });
    expect(code).toBe(0);
  });
});

describe.concurrent('pairstorm run spike', () => {
  it('plays the burst and the way back, each flow in its part', async () => {
    const parts = ['STEADY_DURATION=500ms', 'SPIKE_DURATION=500ms', 'RECOVERY_DURATION=500ms'];
    const settings = ['ARRIVALS=even', 'RATE=4', 'RAMP=0s', 'SPIKE_FACTOR=5', ...parts].flatMap((setting) => [
      '-e',
      setting,
    ]);
    const { count, result } = await run(['spike', ...COMMON, ...settings], QUICK);
    const flows = ['steady', 'spike', 'recovery'].map((phase) => count(`flows{phase:${phase}}`));
    // 2 + 10 + 2; where two parts meet, one start more or less; on a machine that stands still, users are missing.
    expect(Math.abs(result().flows + count('dropped_iterations') - 14)).toBeLessThanOrEqual(1);
    expect(flows.reduce((sum, n) => sum + n, 0)).toBe(result().flows);
    expectNothingLost(result());
  });
});

/** Short parts of a run with faults, so many times longer. */
const faulty = (factor: number): string[] =>
  [
    'RAMP=0s',
    `STEADY_DURATION=${300 * factor}ms`,
    `FAULT_DURATION=${700 * factor}ms`,
    `RECOVERY_DURATION=${600 * factor}ms`,
  ].flatMap((setting) => ['-e', setting]);
const FAULTY = faulty(1);

describe.concurrent('pairstorm run resilience', () => {
  it('makes each fault, counts each on both sides alike, and loses no flow', async () => {
    const args = [
      'resilience',
      '--allow-invalid',
      '--quiet',
      '-e',
      'RATE=20',
      '-e',
      'FAULT_SHARE=1',
      '-e',
      'RESEND_ON_REUSED=always',
    ];
    type Count = Awaited<ReturnType<typeof run>>['count'];
    const sidesOf = (count: Count, fault: string): number[][] =>
      ['faults_seen', 'faults_served'].map((side) => {
        const [named, cut, resent] = ['named', 'cut', 'resent'].map((how) =>
          count(`${side}{fault:${fault},how:${how}}`),
        );
        // A request that was sent again met the fault, and is no failure.
        return [named!, cut! + resent!];
      });
    const isTold = (count: Count, fault: string): boolean => {
      const [seen, served] = sidesOf(count, fault);
      return JSON.stringify(seen) === JSON.stringify(served);
    };
    // A cut does not name a fault: one that ended later than its recovery, on a machine that stood still, is another's.
    const { stdout, count } = await inTime(
      0.05,
      (scale) => run([...args, ...faulty(scale / 0.05)], { ...QUICK, TIME_SCALE: String(scale) }),
      ({ count, kept }) => (STANDARD_FAULTS.every((fault) => isTold(count, fault)) ? undefined : kept()!.ownDelay),
    );
    let total = 0;
    for (const fault of STANDARD_FAULTS) {
      for (const edge of ['start', 'end']) expect(count(`fault_injections{edge:${edge},fault:${fault}}`)).toBe(1);
      const sides = sidesOf(count, fault);
      expect({ [fault]: sides[0] }).toEqual({ [fault]: sides[1] });
      const [seen, served] = /(\d+) +(\d+) ✓/.exec(new RegExp(`^ +${fault} .*$`, 'm').exec(stdout)![0])!.slice(1);
      expect(Number(seen)).toBe(sides[0]!.reduce((sum, n) => sum + n, 0));
      expect(served).toBe(seen);
      total += Number(seen);
      // So short a time before and after shows nothing.
      expect(stdout).toMatch(new RegExp(`^ +${fault} .* not judged `, 'm'));
    }
    expect(total).toBeGreaterThan(0);
    expect(count('faults_seen{fault:dropped,how:resent}')).toBeGreaterThan(0);
    expect(count('faults_served{fault:dropped,how:resent}')).toBe(0);
    expect(stdout).toMatch(/flows started (\d+) = ended \1 \+ interrupted 0/);
  }, 240_000);

  it('runs the user’s commands in the place of the simulator’s faults, each once', async () => {
    const commands = ['--on-fault-start', `echo on >> ${file('log')}`, '--on-fault-end', `echo off >> ${file('log')}`];
    const { count, stderr } = await run(['resilience', ...COMMON, '-e', 'RATE=5', ...FAULTY, ...commands], QUICK);
    expect(readFileSync(file('log'), 'utf8')).toBe('on\noff\n');
    expect(count('fault_injections{edge:end,fault:external}')).toBe(1);
    expect(stderr).not.toContain('error');
  });

  it('mends the fault also where the run is killed meanwhile', async () => {
    const commands = ['--on-fault-start', `echo on > ${file('on')}`, '--on-fault-end', `echo off > ${file('off')}`];
    const long = ['-e', 'RAMP=0s', '-e', 'STEADY_DURATION=100ms', '-e', 'FAULT_DURATION=10m'];
    const running = start(folder, ['run', 'resilience', '--quiet', '-e', 'RATE=1', ...long, ...commands], QUICK);
    while (!existsSync(file('on'))) await delay(20);
    expect(existsSync(file('off'))).toBe(false);
    running.child.kill('SIGKILL');
    await running.ended;
    while (!existsSync(file('off'))) await delay(20);
  });

  it('fails, and says why, where a fault could not be made', async () => {
    const commands = ['--on-fault-start', 'echo no such node >&2; exit 3', '--on-fault-end', 'true'];
    const { code, stderr, result } = await run(
      ['resilience', ...COMMON, '-e', 'RATE=1', ...FAULTY, ...commands],
      QUICK,
    );
    expect(stderr).toContain(
      'FAULT_START_URL did not start the fault external: HTTP 500 the command ended with exit code 3 no such node',
    );
    expect(result().thresholds).toContainEqual(
      expect.objectContaining({ metric: 'fault_injections{edge:start,fault:external}', ok: false }),
    );
    expect(code).toBe(99);
  });

  it('is refused against a target that is not a simulator, unless somebody else makes the faults', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/pf/heartbeat.ping') response.end('OK');
      else response.writeHead(400, { 'content-type': 'application/json' }).end('{"code":"INVALID_REQUEST"}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { code, stderr } = await run(['resilience', ...COMMON, ...FAULTY], { ...QUICK, PF_BASE_URL: url });
    expect(stderr).toContain(
      `PF_BASE_URL: ${url} is not a Pairstorm simulator, so faults cannot be injected there; set FAULT_START_URL`,
    );
    expect(code).toBe(104);
    server.close();
  });

  it.each([
    [['load', '--on-fault-start', 'true'], '--on-fault-start cannot be combined with load; it applies to resilience'],
    [['resilience', '--on-fault-end', 'true'], '--on-fault-start and --on-fault-end must be given together'],
    [
      ['resilience', '--on-fault-start', 'true', '--on-fault-end', 'true', '-e', 'FAULTS=slow'],
      'FAULTS does not apply with FAULT_START_URL',
    ],
    [
      ['resilience', '-e', 'FAULT_START_URL=http://chaos.example.com', '-e', 'FAULT_END_URL=http://chaos.example.com'],
      'FAULT_START_URL points to chaos.example.com, which is not loopback',
    ],
    [
      [
        ...['resilience', '--config', file('hosts.json')],
        ...['-e', 'FAULT_START_URL=http://localhost:1', '-e', 'FAULT_END_URL=http://localhost:1'],
      ],
      'options.hosts sends localhost to 192.0.2.1, which is not loopback',
    ],
  ])('%j is refused', async (args, says) => {
    const { code, stderr } = await run([...args, '--quiet'], QUICK);
    expect(stderr).toContain(says);
    expect(code).toBe(104);
  });
});
