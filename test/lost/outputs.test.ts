import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openRecord } from '../../record/read-record.ts';
import type { RunFile } from '../../record/run-file.ts';
import { emptyFolder, pairstorm, scriptFile, start } from '../cli/command.ts';
import { madeRecord, madeRun } from '../cli/made-record.ts';
import { canMount, onSmallDisk } from './small-disk.ts';

/** What is written, or should be: folders, stdout, files of the end, what a signal and a clock leave behind. Through the real command. */

/** `npm run check:lost` has the siblings, too. */
const ALL = process.env['LOST'] !== undefined;
const ENTRY = fileURLToPath(new URL('../../build/cli/pairstorm.js', import.meta.url));
const PATH = process.env['PATH'] ?? '';

const folder = emptyFolder();
const QUICK = scriptFile(folder, 'quick.js', 'exports.options = { iterations: 3 }; exports.default = async () => {};');
const STEADY = scriptFile(
  folder,
  'steady.js',
  `exports.options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 20, duration: '60s', preAllocatedVUs: 5 } } };
   exports.default = async () => { if (__ITER === 0) console.log('playing'); };`,
);

function recordIn(results: string): string {
  return join(results, readdirSync(results)[0]!);
}

function runFile(results: string): RunFile {
  return JSON.parse(readFileSync(join(recordIn(results), 'run.json'), 'utf8')) as RunFile;
}

describe('Two runs that start at once', () => {
  it.each(ALL ? ['results', 'deep/er/results'] : ['results'])('both run where there is no %s', async (results) => {
    const at = emptyFolder();
    const args = ['run', QUICK, '--quiet', '--allow-invalid', '--workers', '0', '--results', results];
    const ended = await Promise.all(Array.from({ length: ALL ? 8 : 3 }, () => pairstorm(at, args)));
    for (const { code, stderr } of ended) expect([code, stderr]).toEqual([0, expect.not.stringContaining('error')]);
    expect(readdirSync(join(at, results))).toHaveLength(ended.length);
  });

  it.runIf(ALL)('so do two reports of one record', async () => {
    const record = madeRecord(emptyFolder(), madeRun(), []);
    const ended = await Promise.all([1, 2, 3, 4].map(() => pairstorm(record, ['report', '.'])));
    for (const { code, stderr } of ended) expect([code, stderr]).toEqual([0, expect.stringContaining('report →')]);
    expect(readdirSync(record).filter((file) => file.endsWith('.new'))).toEqual([]);
  });
});

/** Runs the command with stdout on a device. */
async function intoDevice(device: string, args: readonly string[]): Promise<{ code: number | null; stderr: string }> {
  const stdout = openSync(device, 'w');
  const child = spawn(process.execPath, [ENTRY, ...args], {
    cwd: emptyFolder(),
    env: { PATH },
    stdio: ['ignore', stdout, 'pipe'],
  });
  let stderr = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  closeSync(stdout);
  return { code, stderr };
}

describe('stdout on a full disk', () => {
  const record = madeRecord(emptyFolder(), madeRun(), []);
  const SAID = 'error: stdout could not be written: no space left on the disk\n';

  it.skipIf(!existsSync('/dev/full')).each([
    ['run', 'smoke', '--json', '--gate', '--allow-invalid', '-e', 'TIME_SCALE=0.05'],
    ['report', record, '--out', '-'],
    ['doctor', '--json', '-e', 'TIME_SCALE=0.05'],
    ...(ALL
      ? [
          ['run', QUICK, '--allow-invalid'],
          ['compare', record, record, '--json', '--anyway'],
          ['trace', '--kind', 'F1', '-e', 'TIME_SCALE=0.05'],
          ['run', '--help'],
        ]
      : []),
  ])('is an error: %s %s %s', async (...args) => {
    const { code, stderr } = await intoDevice('/dev/full', args);
    expect([code, stderr]).toEqual([104, expect.stringContaining(SAID)]);
    expect(stderr.split('\n').filter((line) => line.startsWith('error:'))).toHaveLength(1);
  });

  it.runIf(canMount() && ALL)('that takes only a part of it is an error, too', async () => {
    const ended = await onSmallDisk(['report', record, '--out', '-'], ':', { kib: 4, into: 'page.html' });
    expect([ended.code, ended.stderr]).toEqual([104, SAID]);
  });

  it('a reader that went away is none', async () => {
    const command = `'${process.execPath}' '${ENTRY}' report '${record}' --out - | head -c 10 > /dev/null; echo "\${PIPESTATUS[0]}" >&2`;
    const child = spawn('bash', ['--norc', '-c', command], { env: { PATH } });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toBe('0\n');
  });
});

describe('A summary that cannot be exported', () => {
  it('is found before the run, by flag and by variable, and in a dry run', async () => {
    const why = 'no such file or folder; use a file in an existing folder';
    for (const dry of [[], ['--dry-run']]) {
      const at = emptyFolder();
      const byFlag = await pairstorm(at, ['run', QUICK, ...dry, '--summary-export', 'nope/x.json']);
      expect([byFlag.code, byFlag.stderr]).toEqual([
        104,
        `error: --summary-export nope/x.json cannot be written: ${why}\n`,
      ]);
      const byVariable = await pairstorm(at, ['run', QUICK, ...dry], { K6_SUMMARY_EXPORT: 'nope/x.json' });
      expect([byVariable.code, byVariable.stderr]).toEqual([
        104,
        `error: K6_SUMMARY_EXPORT=nope/x.json cannot be written: ${why}\n`,
      ]);
      expect(readdirSync(at)).toEqual([]);
    }
  });

  it.runIf(ALL)('a folder in its place is refused, and what is there stays until there is a summary', async () => {
    const at = emptyFolder();
    mkdirSync(join(at, 'taken'));
    const refused = await pairstorm(at, ['run', QUICK, '--summary-export', 'taken']);
    expect([refused.code, refused.stderr]).toEqual([104, expect.stringContaining('it is a folder')]);
    writeFileSync(join(at, 'x.json'), 'of before');
    const dry = await pairstorm(at, ['run', QUICK, '--dry-run', '--summary-export', 'x.json']);
    expect([dry.code, readFileSync(join(at, 'x.json'), 'utf8')]).toEqual([0, 'of before']);
    const made = await pairstorm(at, ['run', QUICK, '--allow-invalid', '--summary-export', 'x.json']);
    expect([made.code, JSON.parse(readFileSync(join(at, 'x.json'), 'utf8'))]).toMatchObject([0, { metrics: {} }]);
  });

  it.runIf(ALL && existsSync('/dev/full'))('a disk that is full by then makes the run fail', async () => {
    const ended = await pairstorm(emptyFolder(), ['run', QUICK, '--allow-invalid', '--summary-export', '/dev/full']);
    expect([ended.code, ended.stderr]).toEqual([
      104,
      expect.stringContaining('error: --summary-export /dev/full could not be written: no space left on the disk\n'),
    ]);
  });
});

describe('A signal', () => {
  it.each(['SIGHUP', 'SIGQUIT'] as const)('%s ends a run as Ctrl-C does: 105, record and report', async (signal) => {
    const at = emptyFolder();
    const { child, ended, says } = start(at, ['run', STEADY, '--allow-invalid', '--workers', '0']);
    await says('info: playing');
    child.kill(signal);
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([105, expect.stringContaining('finishing flows')]);
    const record = openRecord(recordIn(join(at, 'results')));
    for await (const { index } of record.intervals()) expect(index).toBeGreaterThanOrEqual(0);
    expect(record.damage()).toEqual([]);
    expect(record.run.end).toMatchObject({ verdict: 'interrupted', findings: [{ code: 'interrupted' }] });
    expect(existsSync(join(record.folder, 'report.html'))).toBe(true);
  });

  // util-linux's script(1) gives a command a real terminal, which is gone when it is killed.
  it.runIf(ALL && process.platform === 'linux')('of a terminal that is gone does so, with its simulator', async () => {
    const at = emptyFolder();
    const command = `'${process.execPath}' '${ENTRY}' run load -e RATE=5 -e DURATION=10m -e TIME_SCALE=0.05 --allow-invalid`;
    const terminal = spawn('script', ['-qfc', command, '/dev/null'], {
      cwd: at,
      env: { PATH, TERM: 'xterm', SHELL: '/bin/bash' },
    });
    const results = join(at, 'results');
    // The folder of a run is there a moment before its files are.
    const lines = (): number => {
      const [name] = existsSync(results) ? readdirSync(results) : [];
      const file = join(results, name ?? '', 'series.jsonl');
      return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length : 0;
    };
    await until(() => lines() > 4);
    terminal.kill('SIGKILL');
    await until(() => runFile(results).end !== null && existsSync(join(recordIn(results), 'report.html')));
    const { exitCode, findings, simulator } = runFile(results).end!;
    const decide = findings.filter(({ exit }) => exit !== 0).map(({ code }) => code);
    expect([exitCode, decide, simulator]).toEqual([105, ['interrupted'], { starts: expect.any(Number) as number }]);
  });
});

async function until(is: () => boolean): Promise<void> {
  while (!is()) await new Promise((resolve) => setTimeout(resolve, 50));
}

describe('A clock on the wall that is set in mid-run', () => {
  const HOUR = 3_600_000;

  /** Moves the clock of every thread of the command a second after its start. */
  function clock(byMs: number): string {
    const file = join(emptyFolder(), 'clock.mjs');
    writeFileSync(
      file,
      `const Real = Date;
       const by = () => (performance.now() > 1000 ? ${byMs} : 0);
       globalThis.Date = class Date extends Real {
         constructor(...given) { if (given.length === 0) super(Real.now() + by()); else super(...given); }
         static now() { return Real.now() + by(); }
       };`,
    );
    return `--import=${pathToFileURL(file).href}`;
  }

  it.each(ALL ? [-HOUR, 24 * HOUR, -60 * 24 * HOUR] : [-HOUR])(
    'by %s ms: a run ends as long after its start as it took',
    async (byMs) => {
      const at = emptyFolder();
      const script = scriptFile(
        at,
        'short.js',
        `const { Gauge } = require('k6/metrics');
         const level = new Gauge('level');
         exports.options = { scenarios: { s: { executor: 'constant-arrival-rate', rate: 20, duration: '3s', preAllocatedVUs: 5 } } };
         exports.default = async () => { level.add(__ITER); };`,
      );
      const env = { NODE_OPTIONS: clock(byMs) };
      const { code, stderr } = await pairstorm(at, ['run', script, '--allow-invalid', '--quiet'], env);
      expect([code, stderr]).toEqual([0, expect.stringContaining('results →')]);
      const record = openRecord(recordIn(join(at, 'results')));
      const { startedAt, end } = record.run;
      const [began, ended] = [Date.parse(startedAt), Date.parse(end!.endedAt)];
      expect(ended - began).toBeGreaterThanOrEqual(Math.floor(end!.durationMs));
      expect(ended - began).toBeLessThan(end!.durationMs + HOUR / 2);
      for await (const { index, recorded } of record.intervals()) {
        expect(index).toBeLessThan(60);
        for (const [, total] of recorded) if ('at' in total) expect(total.at - began).toBeLessThan(HOUR / 2);
        for (const [, total] of recorded) if ('at' in total) expect(total.at).toBeGreaterThan(began - HOUR / 2);
      }
    },
  );
});
