import { countsOf } from '../../contract/series-counts.ts';
import type { SeriesName } from '../../contract/series-counts.ts';
import type { RunFile } from '../../record/run-file.ts';
import { encodeInterval, encodeSeriesHead } from '../../record/series-file.ts';
import { USUAL, syntheticIntervals, syntheticRunFile } from '../analysis/comparison/synthetic-run.ts';
import type { SyntheticRun } from '../analysis/comparison/synthetic-run.ts';
import { emptyFolder, pairstorm } from './command.ts';
import { carriedOut } from './in-process.ts';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const folder = emptyFolder();
const SHORT = { ...USUAL, seconds: 60, rho: 0 };

/** Writes a synthetic run as a run writes one. */
function write(name: string, how: SyntheticRun, change: (run: RunFile) => Partial<RunFile> = () => ({})): void {
  mkdirSync(join(folder, name), { recursive: true });
  const run = syntheticRunFile(how);
  writeFileSync(join(folder, name, 'run.json'), JSON.stringify({ ...run, ...change(run) }));
  const numbers = new Map<SeriesName, number>();
  const lines = [...syntheticIntervals(how)].map(({ index, recorded }) => {
    const named = recorded.flatMap(([series]) => {
      if (numbers.has(series)) return [];
      numbers.set(series, numbers.size);
      return [{ number: numbers.get(series)!, ...series }];
    });
    return encodeInterval({
      index,
      named,
      recorded: recorded.map(([series, total]) => [numbers.get(series)!, countsOf(total)]),
    });
  });
  writeFileSync(join(folder, name, 'series.jsonl'), `${[encodeSeriesHead(1_000), ...lines].join('\n')}\n`);
}

const compare = (...args: readonly string[]): ReturnType<typeof pairstorm> => carriedOut(folder, ['compare', ...args]);

beforeAll(() => {
  write('base', { ...SHORT, seed: 1 });
  write('same', { ...SHORT, seed: 2 });
  write('slow', { ...SHORT, seed: 3, pollFactor: 1.2 });
  write('nightly/1', { ...SHORT, seed: 4 });
  write('nightly/2', { ...SHORT, seed: 5 });
  write('nightly/3', { ...SHORT, seed: 6 });
  write('other-rate', { ...SHORT, seed: 7, rate: 10 });
  write('hostile', { ...SHORT, seed: 8, pollFactor: 1.2 }, (run) => ({
    settings: { ...run.settings, '<img src=x>|@all': '\u001b[2J`x`' },
  }));
});

describe('pairstorm compare', () => {
  test('ends with 0 and says so where no difference is shown', async () => {
    const { code, stdout } = await pairstorm(folder, ['compare', 'base', 'same']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nverdict: no difference shown in \d+ metrics\n$/);
    expect(stdout).toContain('one run per side');
  });

  test('ends with 99, the metric in front, where something is worse; a table of 80 columns', async () => {
    const { code, stdout } = await compare('base', 'slow', '--all');
    expect(code).toBe(99);
    expect(stdout).toMatch(/\nworse +base +new +change +interval\n {2}poll_duration p/);
    expect(stdout).toMatch(/\nverdict: worse: \d+ of \d+ metrics\n$/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('is better the other way round, and then passes', async () => {
    const { code, stdout } = await compare('slow', 'base');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/verdict: better: \d+ of \d+ metrics, none worse/)]);
  });

  test('says the same again', async () => {
    const [first, second] = await Promise.all([compare('base', 'slow', '--json'), compare('base', 'slow', '--json')]);
    expect(first.stdout).toBe(second.stdout);
  });

  test('gives one object with --json', async () => {
    const { code, stdout } = await compare('base', 'slow', '--json', '--tolerance', '3%', '--confidence', '90');
    const object = JSON.parse(stdout) as Record<string, unknown>;
    expect(object).toMatchObject({ exitCode: code, comparison: 'pairstorm', version: 1, verdict: 'worse' });
    expect(object['settings']).toMatchObject({ tolerance: 0.03, confidence: 0.9, skipMs: 0 });
    expect(object['base']).toMatchObject([{ folder: 'base', testid: 'synthetic-1', fromSeconds: 15, toSeconds: 75 }]);
    expect(object['metrics']).toContainEqual(
      expect.objectContaining({
        name: 'poll_duration p50',
        unit: 'ms',
        worse: 'higher',
        verdict: 'worse',
        reason: null,
      }),
    );
  });

  test('gives one object with --json also where it could not begin', async () => {
    const { code, stdout } = await compare('base', 'bsae', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: code,
      verdict: 'error',
      reason: expect.stringMatching('bsae'),
    });
  });

  test('takes repeated runs, by a folder of them or one by one', async () => {
    const byFolder = await compare('nightly', 'slow', '--json');
    const oneByOne = await compare(
      '--base',
      'nightly/1',
      '--base',
      'nightly/2',
      '--base',
      'nightly/3',
      '--new',
      'slow',
      '--json',
    );
    expect(byFolder.stdout).toBe(oneByOne.stdout);
    expect(byFolder.code).toBe(99);
    const { findings } = JSON.parse(byFolder.stdout) as { findings: unknown };
    expect(findings).toEqual([]);
  });

  test('makes a page of a comparison, with the answer, both sides with their intervals, and what else changed', async () => {
    const { code, stdout, stderr } = await compare('base', 'slow', '--format', 'html', '--out', 'compare.html');
    expect([code, stdout]).toEqual([99, '']);
    expect(stderr).toMatch(/^comparison → compare\.html\nanswer: The new release is worse: poll_duration .*\n$/);
    const page = readFileSync(join(folder, 'compare.html'), 'utf8');
    expect(page).toMatch(
      /<p class="answer-line">The new release is worse: poll_duration p\d+ went from [\d.]+\sms to [\d.]+\sms \(\+\d/,
    );
    expect(page).toMatch(/[\d.]+\sms<span class="range">[\d.]+\sms to [\d.]+\sms<\/span>/);
    expect(page).toContain('Nothing else that a record knows');
    expect(page).not.toContain('<script');
    const other = await compare('base', 'other-rate', '--format', 'html');
    expect(other.code).toBe(104);
    expect(other.stdout).toMatch(/<th[^>]*>RATE<\/th>/);
  });

  test('makes a JUnit case of each metric, which fails where it is worse', async () => {
    const { code, stdout } = await compare('base', 'slow', '--format', 'junit');
    expect(code).toBe(99);
    expect(stdout).toMatch(/<testcase name="poll_duration p50 is not worse"[^>]*>\s*<failure/);
    expect(stdout).toMatch(
      /<testcase name="token[^"]*|<testcase name="the runs are the same test" [^>]*>\s*<system-out>/,
    );
    expect((await compare('base', 'same', '--format', 'junit')).stdout).toContain('failures="0"');
  });

  test('names simulator options that differ', async () => {
    write('scaled', { ...SHORT, seed: 11 }, () => ({ simulated: true, simulatorOptions: ['latency-scale=1.6'] }));
    write('unscaled', { ...SHORT, seed: 12 }, () => ({ simulated: true }));
    const { stdout } = await compare('unscaled', 'scaled');
    expect(stdout).toContain('! simulator options: base none, new latency-scale=1.6');
  });

  test('leaves out the start of each run with --skip', async () => {
    const { stdout } = await compare('base', 'same', '--skip', '30s', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ base: [{ fromSeconds: 30 }], new: [{ fromSeconds: 30 }] });
  });

  test('wider tolerances call less', async () => {
    expect((await compare('base', 'slow', '--tolerance', '40%')).code).toBe(0);
    expect((await compare('base', 'slow', '--tolerance-ms', '500')).code).toBe(0);
  });

  test('refuses what was not the same test, naming the difference, unless it is wanted anyway', async () => {
    const refused = await compare('base', 'other-rate');
    expect(refused.code).toBe(104);
    expect(refused.stdout).toContain('✗ planned rate: base 20/s, new 10/s');
    expect(refused.stdout).toContain('verdict: not compared');
    expect((await compare('base', 'other-rate', '--anyway')).code).not.toBe(104);
  });

  test('text of a record steers neither a terminal nor a comment', async () => {
    const text = await compare('base', 'hostile', '--anyway');
    expect(text.stdout).not.toContain('\u001b');
    const markdown = await compare('base', 'hostile', '--anyway', '--format', 'markdown');
    expect(markdown.stdout).toMatch(/^### Comparison: worse: \d+ of \d+ metrics\n/);
    expect(markdown.stdout).toContain('| `poll_duration p50` |');
    expect(markdown.stdout).not.toMatch(/<img|@all|`x`/);
  });

  test('a record whose last line was truncated is compared as far as it goes', async () => {
    write('killed', { ...SHORT, seed: 9 }, () => ({ end: null }));
    writeFileSync(join(folder, 'killed', 'series.jsonl'), '{"i":75,"cou', { flag: 'a' });
    const { code, stdout } = await compare('base', 'killed');
    expect(code).toBe(0);
    expect(stdout).toContain('! killed was killed or is still running');
  });

  test.each<readonly [title: string, args: readonly string[], says: RegExp]>([
    ['no run', [], /no base run given; write: pairstorm compare BASE NEW, or --base DIR/],
    ['one run', ['base'], /no new run given/],
    ['a folder that is not there', ['base', 'bsae'], /bsae does not exist/],
    ['a folder without a record', ['base', 'empty'], /empty is not a run record and contains none/],
    ['a tolerance that is none', ['base', 'same', '--tolerance', 'much'], /--tolerance.*Write a number from 0 to 1000/],
    [
      'a file',
      [new URL('../../package.json', import.meta.url).pathname, 'same'],
      /package\.json is a file; pass a run folder/,
    ],
    ['a form that is none', ['base', 'same', '--format', 'pdf'], /Allowed choices are text, markdown, html, junit/],
    ['two forms', ['base', 'same', '--format', 'markdown', '--json'], /--json and --format cannot be combined/],
    ['a time that is none', ['base', 'same', '--skip', 'soon'], /expected a duration such as '30s'/],
  ])('%s is one line and 104', async (_title, args, says) => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    const { code, stderr } = await compare(...args);
    rmSync(join(folder, 'empty'), { recursive: true });
    expect(code).toBe(104);
    expect(stderr).toMatch(says);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });
});

describe('pairstorm compare --history', () => {
  const releases = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'];
  /** The sixth release and those after it poll slower. */
  beforeAll(() => {
    releases.forEach((name, at) => {
      const how = { ...SHORT, seed: 40 + at, pollFactor: at < 5 ? 1 : 1.6 };
      write(`history/${name}`, how, () => ({ pairstorm: at < 5 ? '0.1.0' : '0.2.0' }));
      if (at < 5) write(`calm/${name}`, { ...how, seed: 60 + at });
    });
    write('history/r0-other', { ...SHORT, seed: 30, rate: 10 });
    mkdirSync(join(folder, 'history/notes'), { recursive: true });
  });
  const history = (...args: readonly string[]): ReturnType<typeof pairstorm> => compare('--history', ...args);
  const all = [...releases, 'r0-other', 'notes'].map((name) => `history/${name}`);

  test('names the step, the run since which it is so, and what else changed there; leaves out other tests', async () => {
    const { code, stdout, stderr } = await history(...all);
    expect(code, stderr).toBe(99);
    expect(stdout).toMatch(/\nworse since r6: poll_duration p95 \+\d/);
    expect(stdout).toMatch(/\nanswer: Worse since r6: /);
    expect(stdout).toContain('r6 (pass): Pairstorm version 0.1.0 → 0.2.0');
    expect(stdout).toMatch(/! left out: history\/r0-other: planned rate/);
    expect(stdout).toMatch(/! left out: history\/notes: /);
  });

  test('finds no step where there is none, and says what it needs where runs are few', async () => {
    const calm = await history('calm');
    expect([calm.code, calm.stdout]).toEqual([
      0,
      expect.stringMatching(/\nanswer: No step shown in \d+ metrics over 5 runs\.\n$/),
    ]);
    const few = await history('calm/r1', 'calm/r2');
    expect([few.code, few.stdout]).toEqual([104, expect.stringContaining('at least 4 are needed')]);
    // Nothing was judged: a 0 would read as a result, and a passed case as one, too.
    const page = (await history('calm/r1', 'calm/r2', '--format', 'html')).stdout;
    expect(page).toContain('NOT JUDGED');
    expect(page).toMatch(
      /Worse now<\/dt><dd><span class="value">–<\/span><span class="detail">not judged<\/span>.*Better now<\/dt><dd><span class="value">–<.*Steps<\/dt><dd><span class="value">–</s,
    );
    const junit = (await history('calm/r1', 'calm/r2', '--format', 'junit')).stdout;
    expect(junit).toMatch(/tests="(\d+)" failures="0" errors="1"/);
    expect(junit.match(/<skipped/g)!.length).toBe(junit.match(/has not become worse/g)!.length);
    const one = await history('calm/r1', '--format', 'markdown');
    expect(one.stdout).toContain('### Trend over 1 run\n');
    const mixed = await compare('base', '--history', 'calm');
    expect([mixed.code, mixed.stderr]).toEqual([104, expect.stringContaining('--history takes all runs')]);
  });

  test('is a page, Markdown, JUnit or one object', async () => {
    const page = (await history(...all, '--format', 'html')).stdout;
    expect(page).toContain('since r6');
    expect(page).toMatch(/title="r8: [\d.]+\sms \([\d.]+\sms to [\d.]+\sms\)"/);
    // Axes have labels that differ, also where nothing but zeros was measured.
    for (const [, axis = ''] of page.matchAll(/<div class="y"[^>]*>(.*?)<\/div>/gs)) {
      const labels = [...axis.matchAll(/>([^<>]+)<\/span>/g)].map(([, label]) => label);
      expect(new Set(labels).size).toBe(labels.length);
    }
    expect((await history(...all, '--format', 'markdown')).stdout).toMatch(
      /\| `poll_duration p95` \| `r6` \| \*\*worse\*\* \+/,
    );
    expect((await history(...all, '--format', 'junit')).stdout).toMatch(
      /<testcase name="poll_duration p95 has not become worse"[^>]*>\s*<failure/,
    );
    const object = JSON.parse((await history(...all, '--json')).stdout) as {
      metrics: { name: string; steps: unknown }[];
    };
    expect(object).toMatchObject({ exitCode: 99, history: 'pairstorm', verdict: 'worse' });
    expect(object.metrics.find(({ name }) => name === 'poll_duration p95')!.steps).toMatchObject([
      { at: 5, way: 'worse' },
    ]);
  });
});
