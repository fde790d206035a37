import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import type { Ended } from '../cli/command.ts';

const EXAMPLES = readdirSync('examples', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Those that `npm test` runs; `npm run check:examples` runs all. */
const QUICK = ['authentication-api', 'converted-script'];
const ALL = process.env['EXAMPLES'] !== undefined;
if (!ALL) console.warn(`left to "npm run check:examples": all examples but ${QUICK.join(' and ')}`);

const lacks = (program: string): boolean => spawnSync(program, ['--version']).error !== undefined;
const WITHOUT_PYTHON = lacks('python3');
if (ALL && WITHOUT_PYTHON) console.warn('skipped: examples/bridge-python, as there is no python3 here');

const read = (...path: readonly string[]): string => readFileSync(join('examples', ...path), 'utf8');

/** The command of an example: the one `sh` block of its README. */
function commandOf(name: string): string {
  const blocks = [...read(name, 'README.md').matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block!);
  expect(blocks, name).toHaveLength(1);
  return blocks[0]!;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((done) => void server.close(() => done()));
  return port;
}

/** Runs the command of an example as it stands, in a copy of its folder; ports are free ones, people are quick. */
async function play(name: string): Promise<Ended> {
  const folder = emptyFolder();
  cpSync(join('examples', name), folder, { recursive: true });
  const bin = join(folder, '.bin');
  mkdirSync(bin);
  const entry = `'${process.execPath}' '${resolve('build/cli/pairstorm.js')}'`;
  // Whether this machine keeps up is no matter of the example.
  const shim = `#!/bin/sh\ncase $1 in run) shift; exec ${entry} run --allow-invalid "$@" ;; esac\nexec ${entry} "$@"\n`;
  writeFileSync(join(bin, 'pairstorm'), shim);
  chmodSync(join(bin, 'pairstorm'), 0o755);
  let command = commandOf(name);
  for (const port of new Set(command.match(/\b1[79]\d{3}\b/g))) {
    command = command.replaceAll(port, String(await freePort()));
  }
  const env = { PATH: `${bin}:${process.env['PATH'] ?? ''}`, TIME_SCALE: '0.2' };
  // A process group of its own: what the command left running ends with it.
  const child = spawn('bash', ['-ec', command], { cwd: folder, env, detached: true });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const code = await new Promise<number | null>((done) => void child.once('exit', done));
  try {
    process.kill(-child.pid!, 'SIGTERM');
  } catch {
    // Nothing was left.
  }
  return { code, stdout, stderr };
}

describe('The examples', () => {
  it('are at least eight, each listed', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(8);
    const listed = [...read('README.md').matchAll(/^\| \[([\w-]+)\]\(\1\/README\.md\) \| \S/gm)].map(
      ([, name]) => name!,
    );
    expect([...listed].sort()).toEqual([...EXAMPLES].sort());
  });

  it.each(EXAMPLES)('%s says in at most five lines what it is for', (name) => {
    const [title, ...rest] = read(name, 'README.md').split('```')[0]!.trim().split('\n');
    expect(title).toMatch(/^# \S/);
    const lines = rest.filter((line) => line !== '');
    expect(lines.length).toBeLessThanOrEqual(5);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(120);
    expect(commandOf(name)).toMatch(/^pairstorm /m);
  });

  for (const name of EXAMPLES) {
    const left = (!ALL && !QUICK.includes(name)) || (name === 'bridge-python' && WITHOUT_PYTHON);
    it.skipIf(left)(`${name}: its command runs as it stands, and passes`, { timeout: 120_000, retry: 1 }, async () => {
      const { code, stdout, stderr } = await play(name);
      expect(code, stdout + stderr).toBe(0);
      // Each run of it: an own script and a scenario alike end with their verdict.
      const runs = commandOf(name).match(/^pairstorm run /gm)!;
      expect(stderr.match(/^pass: /gm), stderr).toHaveLength(runs.length);
    });
  }

  it.skipIf(!ALL)('converted-script: the script before is refused, with each call that blocks', async () => {
    const { code, stderr } = await pairstorm('examples/converted-script', ['run', 'before.js', '--simulator']);
    expect(code).toBe(104);
    for (const call of ['http.get()', 'http.batch()', 'sleep()']) expect(stderr).toContain(call);
  });

  it('ci-github runs what its README says, and never loads a target twice at a time', () => {
    const { concurrency, jobs } = parse(read('ci-github', 'pairstorm.yml')) as {
      readonly concurrency: { readonly group: string };
      readonly jobs: { readonly smoke: { readonly steps: readonly { readonly run?: string }[] } };
    };
    const lines = jobs.smoke.steps.map(({ run }) => run);
    expect(lines).toContain(`node_modules/.bin/${commandOf('ci-github').trim()}`);
    expect(concurrency.group).toContain('vars.PF_BASE_URL');
  });
});
