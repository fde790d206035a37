import { existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { encodeInventory } from '../../contract/inventory.ts';
import { makeInventory } from '../../population/inventory.ts';
import { openRecord } from '../../record/read-record.ts';
import { decodeAnswer } from '../../report/capacity/answer-file.ts';
import type { AnswerFile } from '../../report/capacity/answer-file.ts';
import { startSimulator } from '../../simulator/index.ts';
import { ADMIN_PATHS } from '../../simulator/wire/admin-api.ts';
import { CALM_OBJECTIVE } from './calm-objective.ts';
import { emptyFolder, pairstorm, start } from './command.ts';
import type { Running } from './command.ts';
import { steadyCpu } from './cpu-page.ts';
import { carriedOut } from './in-process.ts';

/** Levels of seconds; nobody waits long. Whether this machine keeps up is not what these tests are about, unless they say so. */
const SHORT = [
  '--level',
  '3s',
  '--budget',
  '40s',
  '-e',
  'TIME_SCALE=0.02',
  '-e',
  'MAX_ERROR_RATE=0.4',
  '-e',
  'P95_MS=3000',
];
const CALM = ['--allow-invalid', '--simulator-option', 'latencyScale=0.2', ...CALM_OBJECTIVE];

function answerIn(results: string): { readonly folder: string; readonly answer: AnswerFile } {
  const folder = join(results, readdirSync(results)[0]!);
  return { folder, answer: decodeAnswer(JSON.parse(readFileSync(join(folder, 'answer.json'), 'utf8')), 'answer.json') };
}

async function search(args: readonly string[], env: Record<string, string> = {}) {
  const results = emptyFolder();
  const ended = await pairstorm(results, ['capacity', ...args, '--results', 'r'], env);
  return { ...ended, ...answerIn(join(results, 'r')) };
}

/** What takes half a minute each: `npm run check:capacity` plays it. */
const longer = test.skipIf(process.env['CAPACITY_SEARCHES'] === undefined);

describe('pairstorm capacity', { timeout: 180_000 }, () => {
  test('plays each level as a run of its own, and says what a planner needs', async () => {
    const nodes = [await steadyCpu(1.5), await steadyCpu(0.5)];
    const metrics = [...nodes.flatMap(({ url }) => ['--target-metrics', url]), '--target-cores', '8'];
    const found = await search([...SHORT, ...CALM, ...metrics, '--start', '20', '--max', '20', '--at-least', '15']);
    nodes.forEach(({ close }) => close());
    expect(found.code, found.stderr).toBe(0);
    const { answer, folder, stdout } = found;
    expect(answer).toMatchObject({ verdict: 'at-least', low: 20, atLeast: 15, unit: 'flows/s', exitCode: 0 });
    expect(answer.levels.map(({ purpose }) => purpose)).toEqual(['up', 'replay']);
    const [first, second] = answer.levels;
    // Nobody is played twice, and the users who stand at the beginning of an inventory to have one of each are left out.
    expect(first!.userOffset).toBeGreaterThan(20);
    expect(second!.userOffset).toBeGreaterThanOrEqual(first!.userOffset + first!.users);
    for (const level of answer.levels) {
      const run = JSON.parse(readFileSync(join(folder, level.folder, 'run.json'), 'utf8')) as {
        settings: Record<string, string>;
        end: { verdict: string; simulator: { starts: number } };
      };
      expect(run.settings).toMatchObject({ RATE: '20', ARRIVALS: 'poisson', USER_OFFSET: String(level.userOffset) });
      expect(run.end).toMatchObject({ verdict: 'pass', simulator: { starts: level.users } });
    }
    expect(stdout).toContain('At least 20 sign-ins/s meet the objective');
    expect(stdout).toContain('At least 15/s: shown.');
    expect(stdout).toMatch(
      /Safe to promise: 20\/s, or 72,000 sign-ins an hour, [\d,]+ of them pairings; about [\d.]+ people/,
    );
    // There was no overload to look at.
    expect(stdout).toContain(
      'Not looked at: whether the target recovers from an overload on its own, hours at this rate (soak)',
    );
    for (const line of stdout.split('\n').filter((row) => /^ +\d+\/s/.test(row))) expect(line.length).toBeLessThan(81);
    // The target's own metrics are in the records, and its CPU beside the levels; a law takes more rates than one.
    const cpu = answer.levels.flatMap(({ figures }) => figures?.cpu ?? []);
    expect(cpu.length).toBeGreaterThan(0);
    for (const { cores, nodes: n } of cpu) expect([cores, n]).toEqual([expect.closeTo(2, 0), 2]);
    expect(answer.models).toMatchObject({ cpu: null, noCpu: 'too-few', noWorkers: 'not-saturated' });
    expect(answer.search.targetCores).toBe(8);
    expect(stdout).toMatch(/CPU beside it: not told\. It was recorded at one rate that did not break;\s+it takes 3\./);
    expect(readFileSync(join(folder, 'answer.html'), 'utf8')).toMatch(/>CPU<\/th>[\s\S]*[\d.]+[^<]cores<\/td>/);
    expect(readFileSync(join(folder, 'answer.md'), 'utf8')).toMatch(/ CPU \|[\s\S]* \d(\.\d+)? cores \|/);
    for (const file of ['answer.html', 'answer.md', 'answer.csv', 'junit.xml'])
      expect(readFileSync(join(folder, file), 'utf8')).toMatch(/20/);
  });

  test('is recorded by the second however long a level may be, because its judges count in seconds', async () => {
    const results = emptyFolder();
    const running = start(results, [
      'capacity',
      ...CALM,
      '--level',
      '3h',
      '--budget',
      '24h',
      '--start',
      '1',
      '--max',
      '1',
    ]);
    const level = (): string | undefined =>
      readdirSync(results, { recursive: true, encoding: 'utf8' }).find((file) => file.endsWith('run.json'));
    const over = { yet: false };
    void running.ended.then(() => (over.yet = true));
    while (level() === undefined && !over.yet) await delay(50);
    expect(level(), running.said()).toBeDefined();
    running.child.kill('SIGKILL');
    await running.ended;
    expect(JSON.parse(readFileSync(join(results, level()!), 'utf8'))).toMatchObject({ intervalMs: 1_000 });
  });

  longer('ends with 99 where the rate that was to be shown is not, though it may hold', async () => {
    const { code, answer, folder } = await search([
      ...SHORT,
      ...CALM,
      '--start',
      '5',
      '--max',
      '5',
      '--at-least',
      '5',
      '--slo',
      'p99(http_req_duration)<1ms',
    ]);
    expect(answer.low ?? 0).toBeLessThan(5);
    expect(code).toBe(99);
    expect(readFileSync(join(folder, 'junit.xml'), 'utf8')).toContain('failures="1"');
  });

  test('that is stopped has the levels so far as its answer, and goes on from their records', async () => {
    const results = emptyFolder();
    const running = start(results, ['capacity', ...SHORT, ...CALM, '--start', '10', '--max', '400', '--results', 'r']);
    await running.says(/level 2: 20\/s/);
    running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped.code, stopped.stderr).toBe(105);
    const { answer, folder } = answerIn(join(results, 'r'));
    expect(answer).toMatchObject({ verdict: 'stopped', stoppedBy: 'interrupted' });
    expect(answer.low).toBeGreaterThan(0);
    expect(stopped.stdout).toContain('the search was stopped (interrupted)');

    // A record that lost its end says nothing; the search plays that level again.
    truncateSync(join(folder, answer.levels[1]!.folder, 'series.jsonl'), 2_000);
    const again = await pairstorm(results, [
      'capacity',
      '--resume',
      folder,
      '--max',
      '40',
      '--budget',
      '150s',
      '--allow-invalid',
    ]);
    expect(again.code, again.stderr).toBe(0);
    const { answer: whole } = answerIn(join(results, 'r'));
    expect(whole.levels.slice(0, 2)).toMatchObject([
      { rate: 10, end: 'observed', terms: answer.levels[0]!.terms },
      { rate: 20, end: 'cut', why: 'its record is damaged' },
    ]);
    expect(whole).toMatchObject({ verdict: 'at-least', low: 40 });
    expect(existsSync(join(folder, 'levels', '01-10', 'run.json'))).toBe(true);
    const other = await carriedOut(results, ['capacity', '--resume', folder, '--slo', 'error_rate<1%']);
    expect(other.stderr).toContain('--resume: --slo is that of the search which goes on');
  });

  test('that meets the limit of one address names it, and does not take it for the capacity', async () => {
    const { answer, stdout, code } = await search([
      ...SHORT,
      ...CALM,
      '--start',
      '10',
      '--max',
      '80',
      '--simulator-option',
      'rateLimit=150',
    ]);
    expect(answer.verdict).toBe('one-address');
    expect(stdout).toMatch(/hit the limit of one source address, not the deployment's/);
    expect(code).toBe(answer.low === null ? 99 : 0);
  });

  longer('is answered by the levels so far whenever it is stopped', async () => {
    const stoppedAt = async (said: RegExp, signals: readonly NodeJS.Signals[]): Promise<AnswerFile> => {
      const results = emptyFolder();
      // No answer takes less than 20 ms there, however fast the machine is.
      const slow = ['--slo', 'p95(http_req_duration{peer:pf})<5ms', '--start', '10', '--budget', '150s'];
      const target = ['--simulator-option', 'latencyMs=20', '--simulator-option', 'latencyShape=fixed'];
      const args = [...SHORT, '--allow-invalid', ...slow, ...target, '--results', 'r'];
      const running = start(results, ['capacity', ...args]);
      await running.says(said);
      for (const signal of signals) {
        running.child.kill(signal);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
      const { code, stdout, stderr } = await running.ended;
      expect(code, stderr).toBe(105);
      expect(stderr).not.toMatch(/^\s+at /m);
      expect(stdout).toContain('the search was stopped (interrupted)');
      return answerIn(join(results, 'r')).answer;
    };
    // In the first level, in the cool-down behind it, as the second one begins, and twice.
    const moments = [/level 1: 10 flow starts/, /level 1: 10\/s/, /level 2: 5 flow starts/] as const;
    const answers = await Promise.all([
      ...moments.map((said) => stoppedAt(said, ['SIGINT'])),
      stoppedAt(moments[2], ['SIGTERM', 'SIGINT']),
    ]);
    for (const answer of answers)
      expect(answer).toMatchObject({ verdict: 'stopped', stoppedBy: 'interrupted', low: null });
    expect(answers[0].levels.every(({ end }) => end === 'cut')).toBe(true);
    expect(answers[2]!.levels[0]).toMatchObject({ end: 'observed', verdict: 'broke' });
  });

  longer('of a target that does not come back after an overload says so', async () => {
    // Two workers of 12 ms; an overload makes the cache cold, and a cold one takes a quarter of that.
    const target = ['workers=2', 'latencyMs=12', 'latencyShape=fixed', 'coldRequests=300', 'coldAtQueue=20'];
    const { answer, stdout, folder } = await search([
      ...SHORT,
      '--allow-invalid',
      ...['--slo', 'p95(http_req_duration{peer:pf})<150ms', '--start', '4', '--max', '64', '--budget', '90s'],
      ...target.flatMap((option) => ['--simulator-option', option]),
    ]);
    expect(stdout).toMatch(
      /After an overload the target does not recover on its own: 16\/s held before 32\/s was tried, not after/,
    );
    expect(answer.hysteresis).toMatchObject({ held: 16, after: 32 });
    expect(stdout).toContain('Not looked at: hours at this rate (soak)');
    // It was looked at as the overload had left it: alone, the target would have recovered.
    const overload = answer.levels.findIndex(({ rate }) => rate === 32) + 1;
    expect(answer.levels[overload]).toMatchObject({ purpose: 'hysteresis', rate: 16 });
    expect(existsSync(join(folder, 'cool-downs', String(overload).padStart(2, '0')))).toBe(false);
    expect(existsSync(join(folder, 'cool-downs', String(overload + 1).padStart(2, '0')))).toBe(true);
  });

  longer(
    'plays starts that scatter as those of independent people do, and even ones where that is asked for',
    async () => {
      const dispersionOf = async (arrivals: string): Promise<number> => {
        const results = emptyFolder();
        const played = ['RATE=60', 'RAMP=0s', 'DURATION=20s', 'TIME_SCALE=0.02', 'SEED=7', `ARRIVALS=${arrivals}`];
        const args = ['run', 'load', '--quiet', '--allow-invalid', '--interval', '100ms', '--results', 'r'];
        const { stderr } = await pairstorm(results, [...args, ...played.flatMap((setting) => ['-e', setting])]);
        const counts = new Map<number, number>();
        const record = openRecord(join(results, 'r', readdirSync(join(results, 'r'))[0]!));
        for await (const { index, recorded } of record.intervals())
          for (const [{ metric, tags }, total] of recorded)
            // A flow is counted before it waits for its part of its second.
            if (metric === 'http_reqs' && tags['name'] === 'start' && 'sum' in total)
              counts.set(index, (counts.get(index) ?? 0) + total.sum);
        const first = Math.min(...counts.keys());
        // After the first second, in which starts of no second before are still waiting; seed 7 draws 1.00.
        const list = Array.from({ length: 180 }, (_, at) => counts.get(first + 10 + at) ?? 0);
        const mean = list.reduce((sum, count) => sum + count, 0) / list.length;
        expect(mean, stderr).toBeGreaterThan(5);
        return list.reduce((sum, count) => sum + (count - mean) ** 2, 0) / list.length / mean;
      };
      expect(Math.abs((await dispersionOf('poisson')) - 1)).toBeLessThan(0.1);
      expect(await dispersionOf('even')).toBeLessThan(0.1);
    },
  );

  longer('whose load generator stands still names it, not the target', async () => {
    const results = emptyFolder();
    const args = ['--start', '20', '--max', '20', '--simulator-option', 'latencyScale=0.2', '--results', 'r'];
    const running = start(results, ['capacity', ...SHORT, ...args]);
    for (const level of [1, 2]) await stall(running, level);
    const { code, stdout } = await running.ended;
    expect(stdout).toContain('the load generator was the limit at 20');
    expect(code).toBe(120);
    expect(answerIn(join(results, 'r')).answer.levels.map(({ end }) => end)).toEqual(['generator', 'generator']);
  });

  longer('against a target that changes half-way says so', async () => {
    const simulator = await startSimulator({ users: 3_000, timeScale: 0.02, latencyMs: 5 });
    try {
      const results = emptyFolder();
      const env = { PF_BASE_URL: simulator.url, INVENTORY: join(results, 'users.json') };
      writeFileSync(env.INVENTORY, encodeInventory(simulator.inventory));
      const running = start(
        results,
        ['capacity', ...SHORT, '--allow-invalid', '--start', '10', '--max', '20', '--results', 'r'],
        env,
      );
      await running.says(/level 2: 20\/s/);
      const slow = [{ name: 'slow', kind: 'delay', share: 1, delayMs: 40 }];
      await fetch(simulator.url + ADMIN_PATHS.faults, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(slow),
      });
      const { stdout, stderr } = await running.ended;
      expect(stdout, stderr).toMatch(/The target changed during the search: at \d+\/s the median was/);
    } finally {
      await simulator.close();
    }
  });

  test('over a metric of which nobody in the inventory has a sample is refused before any load', async () => {
    const folder = emptyFolder();
    const { users, ...inventory } = makeInventory({ users: 300, seed: 1, version: 'test' });
    const paired = users.filter(({ behaviour }) => behaviour.pairing === undefined);
    writeFileSync(join(folder, 'paired.json'), encodeInventory({ ...inventory, users: paired }));
    const args = ['capacity', '--slo', 'pairing_error_rate<1%', '-e', `INVENTORY=${join(folder, 'paired.json')}`];
    const { code, stderr } = await carriedOut(folder, args);
    expect(stderr).toContain('nobody in INVENTORY pairs a device, so there would be no sample');
    expect([code, existsSync(join(folder, 'results'))]).toEqual([104, false]);
  });

  test.each([
    [['--slo', 'avg(http_req_duration)<100ms'], 'an average is not a share of requests; use p(95)'],
    [['--slo', 'p95(pol_duration)<100ms'], 'there is no metric pol_duration'],
    [['--at-least', '600'], '--at-least 600 is above --max 500'],
    [['--budget', '60s'], '--budget 60s is too short'],
    [['-e', 'RATE=5'], '-e RATE: each level of a search sets it; write --start and --max'],
    [['--duration', '5s'], 'the search says what load is made'],
    [['--resume', 'nowhere'], 'give the folder of a search'],
    [['-e', 'PF_BASE_URL=http://127.0.0.1:1', '-e', 'DEVICE_DRIVER=none', '-e', 'TIME_SCALE=0.1'], 'TIME_SCALE is 0.1'],
    [
      ['-e', 'USERS_EXHAUSTED=stop', '-e', 'PF_BASE_URL=http://127.0.0.1:1', '--start', '300'],
      'users, each played once',
    ],
    [['-e', 'PF_BASE_URL=http://127.0.0.1:1'], 'no heartbeat from http://127.0.0.1:1'],
  ])('%j is refused before any load', async (args, why) => {
    const folder = emptyFolder();
    const { code, stderr } = await carriedOut(folder, ['capacity', ...args]);
    expect(stderr).toContain(why);
    expect(code).toBe(104);
  });
});

/** Stops the command for longer than a load generator may stand still, in the middle of a level. */
async function stall(running: Running, level: number): Promise<void> {
  await running.says(`level ${level}: 20 flow starts/s`);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  running.child.kill('SIGSTOP');
  await new Promise((resolve) => setTimeout(resolve, 1_600));
  running.child.kill('SIGCONT');
}
