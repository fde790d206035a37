import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { judge } from '../../record/judge.ts';
import type { Evidence } from '../../record/judge.ts';
import type { ResultObject } from '../../cli/result.ts';
import { findingWords } from '../../catalogue/finding-words.ts';
import { finding } from '../../catalogue/findings.ts';
import type { Finding } from '../../catalogue/findings.ts';
import { RULES } from '../../record/run-file.ts';
import { invariants } from '../../report/invariants.ts';
import { END, count, foldOf, modelOf } from '../report/model-of.ts';
import type { Recorded } from '../report/model-of.ts';
import { emptyFolder, pairstorm, scriptFile, start, writeInventory } from './command.ts';

const folder = emptyFolder();

/** The files of the one run that has its results in a folder. */
function filesOf(results: string): { readonly names: readonly string[]; readonly read: (name: string) => string } {
  const run = join(folder, results, readdirSync(join(folder, results))[0]!);
  return { names: readdirSync(run), read: (name) => readFileSync(join(run, name), 'utf8') };
}

beforeAll(() => {
  const file = join(folder, 'people.json');
  writeInventory(file, 200, 3);
  scriptFile(folder, 'open.js', 'export default async () => {};');
  scriptFile(
    folder,
    'judged.js',
    `export const options = { iterations: 3, thresholds: { iterations: [__ENV.LIMIT] } };
     export default async () => {};`,
  );
});

describe('pairstorm run --gate', () => {
  it.each([
    ['a script without thresholds', ['./open.js'], /--gate: open has no thresholds, so the run could not fail; /],
    ['thresholds that are left out', ['./judged.js', '-e', 'LIMIT=count>0', '--no-thresholds'], /could not fail/],
    ['a dry run', ['./judged.js', '-e', 'LIMIT=count>0', '--dry-run'], /--gate cannot be combined with --dry-run/],
  ])('refuses %s before any load, in one line', async (_what, args, line) => {
    const { code, stderr } = await pairstorm(folder, ['run', ...args, '--gate', '--quiet', '--results', 'refused']);
    expect(stderr).toMatch(line);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(104);
  });

  it.each([
    ['passes', 'count>2', 0, 'PASS'],
    ['fails', 'count>3', 99, 'FAIL'],
  ])('leaves JUnit and Markdown beside the record of a run that %s', async (_how, limit, exitCode, word) => {
    const results = `judged-${exitCode}`;
    const args = ['./judged.js', '-e', `LIMIT=${limit}`, '--workers', '0', '--allow-invalid', '--results', results];
    const { code } = await pairstorm(folder, ['run', ...args, '--gate', '--quiet']);
    expect(code).toBe(exitCode);
    const { names, read } = filesOf(results);
    expect(names).toEqual(expect.arrayContaining(['junit.xml', 'report.md', 'report.html', 'run.json']));
    expect(read('report.md')).toContain(`**${word}**`);
    expect(read('junit.xml').includes('<failure')).toBe(exitCode !== 0);
    expect(read('junit.xml')).toContain(`name="iterations: ${limit.replace('>', '&gt;')}"`);
  });

  it('fails where what a pipeline reads cannot be written', async () => {
    const folder = emptyFolder();
    const script = scriptFile(
      folder,
      'script.js',
      `exports.options = { duration: '3s', thresholds: { iterations: ['count>0'] } };
       exports.setup = () => console.log('set up');
       exports.default = () => new Promise((resolve) => setTimeout(resolve, 100));`,
    );
    const { ended, says } = start(folder, ['run', script, '--gate', '--allow-invalid']);
    await says('set up');
    rmSync(join(folder, 'results'), { recursive: true });
    const { code, stderr } = await ended;
    expect(stderr).toContain('fail: result files that a pipeline reads could not be written');
    expect(code).toBe(99);
  });

  it('fails where somebody else started a flow on the simulator, so that the records disagree', async () => {
    const args = [
      '-e',
      'RATE=5',
      '-e',
      'RAMP=0s',
      '-e',
      'DURATION=1s',
      '-e',
      'TIME_SCALE=0.02',
      '-e',
      'MAX_ERROR_RATE=1',
    ];
    const running = start(
      folder,
      ['run', 'load', ...args, '--gate', '--json', '--allow-invalid', '--results', 'disagree'],
      { INVENTORY: join(folder, 'people.json') },
    );
    const url = await new Promise<string>((resolve) => {
      let text = '';
      running.child.stderr.on('data', (chunk: string) => {
        text += chunk;
        const found = /target +(http\S+)/.exec(text)?.[1];
        if (found !== undefined) resolve(found);
      });
    });
    const query = 'client_id=pairstorm&response_type=code&response_mode=pi.flow&scope=openid';
    await fetch(`${url}/as/authorization.oauth2?${query}`, { headers: { 'X-XSRF-Header': 'test' } });
    const { code, stdout } = await running.ended;
    const result = JSON.parse(stdout) as ResultObject;
    expect(result).toMatchObject({ verdict: 'fail', exitCode: 99, simulator: { starts: result.flows + 1 } });
    expect(result.reason).toContain(
      `the records disagree: the simulator answered ${result.flows + 1} flow starts, the harness counts ${result.flows} flows`,
    );
    expect(code).toBe(99);
    const { read } = filesOf('disagree');
    expect(read('junit.xml')).toMatch(/name="the record of the simulator agrees"[^>]*>\s*<error/);
    expect((JSON.parse(read('run.json')) as { end: { exitCode: number } }).end.exitCode).toBe(99);
  }, 60_000);
});

describe('The gate', () => {
  const ITERATIONS = { planned: 60, started: 60, completed: 60, interrupted: 0, dropped: 0, thrown: 0 };

  function judged(recorded: readonly Recorded[], over: Partial<Evidence['end']> = {}, told: readonly Finding[] = []) {
    const { totals } = foldOf(recorded);
    const end = { durationMs: 1, iterations: ITERATIONS, thresholds: [], ownDelay: null, simulator: null, ...over };
    const run = { script: 'resilience', host: 'engine', settings: {} } as const;
    const { findings, ...verdict } = judge({ run, totals, end, told, rules: { ...RULES, gate: true } });
    return { ...verdict, reason: findingWords(findings) };
  }

  const fault = (served: number, name = 'slow'): readonly Recorded[] => [
    ['faults_seen', { fault: name, how: 'named' }, count(7)],
    ['faults_seen', { fault: name, how: 'cut' }, count(2)],
    ['faults_served', { fault: name, how: 'named' }, count(served)],
  ];

  it('fails where harness and simulator count a fault differently', () => {
    expect(judged(fault(9))).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(judged(fault(8))).toMatchObject({
      ...{ verdict: 'fail', exitCode: 99 },
      reason: 'fault slow: the harness saw 9, the simulator served 8',
    });
  });

  it('fails where flows were lost, as junit.xml does', () => {
    for (const [ended, interrupted, held] of [
      [55, 0, false],
      [55, 5, true],
      [60, 0, true],
      // The flow had ended, its iteration had not.
      [60, 1, true],
      [61, 0, false],
    ] as const) {
      const recorded: readonly Recorded[] = [
        ['flows', {}, count(60)],
        ['flow_outcomes', { kind: 'F1', outcome: 'device_paired' }, count(ended)],
        ['starts_answered', {}, count(60)],
      ];
      const iterations = { ...ITERATIONS, completed: 60 - interrupted, interrupted };
      const model = modelOf(recorded, { end: { ...END, iterations } });
      const state = invariants(model).find(({ name }) => name === 'no flow is lost')?.state;
      const { reason } = judged(recorded, { iterations });
      const lost = `flows were lost: 60 started and ${ended} ended, so ${60 - ended} must have been interrupted, but ${interrupted} iterations were`;
      expect([!reason.includes(lost), state === 'holds']).toEqual([held, held]);
    }
  });

  it('knows one side only of a fault that somebody else makes', () => {
    expect(judged(fault(0, 'external')).verdict).toBe('pass');
  });

  it('says both, where thresholds failed too', () => {
    const thresholds = [{ metric: 'x', expression: 'count>3', value: 2, ok: false }];
    expect(judged(fault(8), { thresholds }).reason).toBe(
      'threshold failed: x count>3 (was 2); fault slow: the harness saw 9, the simulator served 8',
    );
  });

  it('leaves a run alone that ended otherwise than by its thresholds', () => {
    for (const [code, verdict] of [
      ['interrupted', 'interrupted'],
      ['aborted', 'aborted'],
      ['worker_lost', 'invalid'],
      ['script_exception', 'error'],
    ] as const) {
      expect(judged(fault(8), {}, [finding(code)]).verdict).toBe(verdict);
    }
  });
});
