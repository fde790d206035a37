import { lstatSync, readFileSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { writeRecord } from '../report/million-flows.ts';
import { emptyFolder, pairstorm, scriptFile, start } from './command.ts';
import { carriedOut } from './in-process.ts';

const folder = emptyFolder();
const killed = join(folder, 'killed');

beforeAll(async () => {
  const bytes = await writeRecord(killed, { seconds: 4, flows: 200, verdict: 'killed' });
  // The run died in the middle of a line.
  truncateSync(join(killed, 'series.jsonl'), bytes - 500);
});

describe('pairstorm report', () => {
  it('reads the record of a run that was killed, and says until when it goes', async () => {
    const { code, stdout, stderr } = await pairstorm(folder, ['report', 'killed']);
    expect(code, stderr).toBe(0);
    expect([stdout, stderr]).toEqual(['', 'report → killed/report.html\n']);
    const html = readFileSync(join(killed, 'report.html'), 'utf8');
    expect(html).toContain('Recorded until 2026-01-31 12:00:03 UTC');
    expect(html).toContain('<b>150</b> started');
  });

  it('writes to stdout, or where it is told, and makes the same page of the same record', async () => {
    const { stdout, stderr } = await pairstorm(folder, ['report', 'killed', '--out', '-']);
    expect(stderr).toBe('');
    expect((await pairstorm(folder, ['report', 'killed', '--out', 'there.html'])).code).toBe(0);
    expect(readFileSync(join(folder, 'there.html'), 'utf8')).toBe(stdout);
    expect(stdout).toMatch(/^<!doctype html>/);
  });

  it('makes the first screen alone with --one-page', async () => {
    const { code, stderr } = await pairstorm(folder, ['report', 'killed', '--one-page']);
    expect([code, stderr]).toEqual([0, 'report → killed/one-page.html\n']);
    const html = readFileSync(join(killed, 'one-page.html'), 'utf8');
    expect(html.replaceAll('\u00a0', ' ')).toContain(
      'No verdict: the run was killed after 3 s of 4 s; the figures cover what was recorded.',
    );
    expect(html).not.toContain('<section');
  });

  it('replaces a link that lies in the folder, and leaves alone what it leads to', async () => {
    const linked = join(folder, 'linked');
    await writeRecord(linked, { seconds: 2, flows: 20 });
    const elsewhere = join(folder, 'profile');
    writeFileSync(elsewhere, 'mine');
    for (const name of ['report.html', 'report.html.new']) symlinkSync(elsewhere, join(linked, name));
    const { code, stderr } = await pairstorm(folder, ['report', 'linked']);
    expect(code, stderr).toBe(0);
    expect(readFileSync(elsewhere, 'utf8')).toBe('mine');
    expect(lstatSync(join(linked, 'report.html')).isFile()).toBe(true);
    expect(readFileSync(join(linked, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
    expect(readdirSync(linked).filter((name) => /\d\.new$/.test(name))).toEqual([]);
  });

  it.each([
    [['report', 'nowhere'], 'error: nowhere does not exist; pass a run folder, such as results/<run>'],
    [['report', '.'], 'expected a run folder'],
    [['report', 'killed', '--out', 'nowhere/report.html'], 'cannot write nowhere/report.html: no such file or folder'],
    [['report', 'killed', '--one-page', '--format', 'json'], '--one-page makes an HTML page; leave out --format json'],
    [['report', 'killed', '--format', 'docx'], "'docx' is invalid. Allowed choices are html"],
  ])('%j ends with one line that says what to do', async (args, said) => {
    const { code, stderr } = await carriedOut(folder, args);
    expect(stderr).toContain(said);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(104);
  });
});

test('of a record that lacks something, the page is made of the rest, and it is said', async () => {
  const broken = join(emptyFolder(), 'broken');
  await writeRecord(broken, { seconds: 2, flows: 20 });
  const head = '{"series":"pairstorm","version":1,"intervalMs":1000}';
  writeFileSync(join(broken, 'series.jsonl'), `${head}\n{"i":\n{"i":1}\n`);
  const { code, stdout, stderr } = await pairstorm(broken, ['report', '.', '--format', 'markdown', '--out', '-']);
  const words = 'record is incomplete: 2 lines of series.jsonl are missing or cannot be read';
  expect([code, stderr]).toEqual([0, expect.stringContaining(`warning: the ${words}`)]);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(stdout).toContain('FAIL');
});

describe('the report of a run', () => {
  const SCRIPT = `
    import { check } from 'k6';
    export default async function () {
      console.log('began');
      check(1, { 'one <is> one': (n) => n === 1 });
      await new Promise((resolve) => setTimeout(resolve, SECONDS * 1000));
    }`;
  const pageIn = (results: string): string =>
    readFileSync(join(folder, results, readdirSync(join(folder, results))[0]!, 'report.html'), 'utf8');

  it('is written at the end, and says where', async () => {
    const script = scriptFile(folder, 'short.js', SCRIPT.replace('SECONDS', '0'));
    const { code, stderr } = await pairstorm(folder, [
      'run',
      script,
      '--iterations',
      '3',
      '--results',
      'short',
      '--allow-invalid',
    ]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/^report → short\/[^/]+\/report\.html$/m);
    const page = pageIn('short');
    expect(page).toContain('NOT JUDGED');
    expect(page).toContain('one &lt;is&gt; one');
  });

  it('is written after Ctrl-C, too', async () => {
    const script = scriptFile(folder, 'long.js', SCRIPT.replace('SECONDS', '60'));
    const running = start(folder, ['run', script, '--duration', '60s', '--results', 'long']);
    await running.says('began');
    running.child.kill('SIGINT');
    await running.says('Ctrl-C again');
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code, stderr).toBe(105);
    expect(pageIn('long')).toContain('INTERRUPTED');
  });
});
