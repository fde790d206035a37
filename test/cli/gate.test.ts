import { readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { gated } from '../../cli/gate.ts';
import type { ResultObject } from '../../cli/result.ts';
import { selector } from '../../contract/selector.ts';
import { invariants } from '../../report/invariants.ts';
import { END, modelOf } from '../report/model-of.ts';
import type { RunResult } from '../../engine/run.ts';
import { emptyFolder, pairstorm, scriptFile, start } from './command.ts';

const folder = emptyFolder();

/** The files of the one run that has its results in a folder. */
function filesOf(results: string): { readonly names: readonly string[]; readonly read: (name: string) => string } {
  const run = join(folder, results, readdirSync(join(folder, results))[0]!);
  return { names: readdirSync(run), read: (name) => readFileSync(join(run, name), 'utf8') };
}

beforeAll(async () => {
  const file = join(folder, 'people.json');
  await pairstorm(folder, ['inventory', '--users', '200', '--seed', '3', '--out', file, '--quiet']);
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
    ['a script without thresholds', ['./open.js'], /--gate: no threshold judges open, so the run could not fail; /],
    ['thresholds that are left out', ['./judged.js', '-e', 'LIMIT=count>0', '--no-thresholds'], /could not fail/],
    ['a dry run', ['./judged.js', '-e', 'LIMIT=count>0', '--dry-run'], /--gate makes no sense with --dry-run/],
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
    expect(stderr).toContain('fail: --gate: what a pipeline reads of the run could not be written');
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
  const counter = (count: number) => ({ type: 'counter', contains: 'default', values: { count } }) as const;
  const resilience = (verdict: RunResult['verdict'], served: number, fault = 'slow'): RunResult => ({
    ...({ exit: 'pass', exitCode: 0, thresholds: [], files: {}, startLag: null, ownDelay: null } as const),
    ...{ verdict, durationMs: 1, iterations: { planned: 0, started: 0, completed: 0, interrupted: 0, dropped: 0 } },
    summary: {
      ...{ root_group: {}, options: { summaryTrendStats: [], summaryTimeUnit: '' }, state: { testRunDurationMs: 1 } },
      metrics: {
        [selector('faults_seen', { fault, how: 'named' })]: counter(7),
        [selector('faults_seen', { fault, how: 'cut' })]: counter(2),
        [selector('faults_served', { fault, how: 'named' })]: counter(served),
      },
    },
  });

  it('fails where harness and simulator count a fault differently', () => {
    expect(gated(resilience('pass', 9), undefined)).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(gated(resilience('pass', 8), undefined)).toMatchObject({
      ...{ verdict: 'fail', exit: 'thresholds_failed', exitCode: 99 },
      reason: 'fault slow: the harness saw 9, the simulator served 8',
    });
  });

  it('fails where flows were lost, as junit.xml does', () => {
    const lost = (ended: number, interrupted: number): RunResult => {
      const run = resilience('pass', 9);
      const flows = { flows: counter(60), flow_outcomes: counter(ended) };
      return {
        ...run,
        summary: { ...run.summary, metrics: { ...run.summary.metrics, ...flows } },
        iterations: { planned: 60, started: 60, completed: 60 - interrupted, interrupted, dropped: 0 },
      };
    };
    const state = ({ summary, iterations }: RunResult): string | undefined => {
      const { count: ended } = summary.metrics['flow_outcomes']!.values as { count: number };
      const recorded = [
        ['flows', {}, { samples: 60, sum: 60 }],
        ['flow_outcomes', { kind: 'F1', outcome: 'device_paired' }, { samples: ended, sum: ended }],
      ] as const;
      const model = modelOf(recorded, { end: { ...END, iterations } });
      return invariants(model).find(({ name }) => name === 'no flow is lost')?.state;
    };
    expect(gated(lost(55, 0), undefined)).toMatchObject({
      ...{ verdict: 'fail', exitCode: 99 },
      reason: 'flows were lost: flows started 60 = ended 55 + cut off 5; iterations that the host cut off: 0',
    });
    for (const [run, held] of [
      [lost(55, 0), false],
      [lost(55, 5), true],
      [lost(60, 0), true],
      [lost(60, 1), false],
    ] as const) {
      expect([gated(run, undefined).verdict === 'pass', state(run) === 'holds']).toEqual([held, held]);
    }
  });

  it('knows one side only of a fault that somebody else makes', () => {
    expect(gated(resilience('pass', 0, 'external'), undefined).verdict).toBe('pass');
  });

  it('says both, where thresholds failed too', () => {
    const failed = { ...resilience('fail', 8), reason: 'threshold failed: x' };
    expect(gated(failed, undefined).reason).toBe(
      'threshold failed: x; fault slow: the harness saw 9, the simulator served 8',
    );
  });

  it('leaves a run alone that ended otherwise than by its thresholds', () => {
    for (const verdict of ['interrupted', 'aborted', 'invalid', 'error'] as const) {
      expect(gated(resilience(verdict, 8), undefined).verdict).toBe(verdict);
    }
  });
});
