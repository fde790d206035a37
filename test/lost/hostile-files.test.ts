import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, pairstorm } from '../cli/command.ts';

/** What is cheap, in every run of the tests; all of it with LOST=1. */
const siblings = it.skipIf(process.env['LOST'] === undefined);
const LOST = process.env['LOST'] !== undefined;

const folder = emptyFolder();
const DEPTH = 500_000;
const deep = '['.repeat(DEPTH) + ']'.repeat(DEPTH);
const SCRIPT = `const { check } = require('k6');
module.exports = {
  options: { iterations: 1, thresholds: { checks: ['rate>0.5'] } },
  default() { check(1, { 'is one': () => true }); },
};`;

/** One line, an exit code that says that the user can put it right, and in time. */
async function refused(args: readonly string[], env: Readonly<Record<string, string>>, says: RegExp): Promise<void> {
  const { code, stdout, stderr } = await pairstorm(folder, args, env);
  const lines = stderr.trim().split('\n');
  expect(lines.at(-1)).toMatch(says);
  expect(lines.at(-1)!.length).toBeLessThan(600);
  expect(stderr).not.toMatch(/fault of Pairstorm itself|Maximum call stack|^\s+at /m);
  expect(code, stdout + stderr).toBe(104);
}

let record = '';
beforeAll(async () => {
  writeFileSync(join(folder, 'script.js'), SCRIPT);
  const { code, stderr } = await pairstorm(folder, ['run', './script.js', '--allow-invalid', '--workers', '0']);
  expect(code, stderr).toBe(0);
  record = join(folder, 'results', readdirSync(join(folder, 'results'))[0]!);
  execFileSync('mkfifo', [join(folder, 'pipe.json'), join(folder, 'pipe.csv')]);
  writeFileSync(join(folder, 'deep.json'), deep);
  writeFileSync(join(folder, 'deep-user.json'), `{"version":1,"generator":"","seed":1,"users":[{"username":${deep}}]}`);
  writeFileSync(join(folder, 'deep-select.json'), `{"version":1,"generator":${deep},"seed":1,"users":[]}`);
  writeFileSync(join(folder, 'deep-population.json'), `{"version":1,"description":"x","groups":${deep}}`);
  writeFileSync(join(folder, 'deep-config.json'), `{"stages":${deep}}`);
  const tooDeep = '['.repeat(DEPTH - 100) + ']'.repeat(DEPTH - 100);
  const point = '"time":"2026-01-31T12:00:00Z","tags":{}';
  writeFileSync(
    join(folder, 'deep-samples.json'),
    `{"type":"Point","metric":"a","data":{"value":${tooDeep},${point}}}\n`,
  );
  writeFileSync(join(folder, 'long.json'), `{"a":"${'x'.repeat(3_000_000)}"}\n`);
  // As large as a disk without being on it.
  writeFileSync(join(folder, 'huge.json'), '');
  truncateSync(join(folder, 'huge.json'), 8e9);
});

/** The record, with one of its files made anew. */
function recordWith(file: string, make: (path: string) => void): string {
  const copy = join(emptyFolder(), 'run');
  cpSync(record, copy, { recursive: true });
  rmSync(join(copy, file), { force: true });
  make(join(copy, file));
  return copy;
}
const pipe = (path: string): void => void execFileSync('mkfifo', [path]);
const nested = (path: string): void => writeFileSync(path, deep);
const huge = (path: string): void => {
  writeFileSync(path, '');
  truncateSync(path, 8e9);
};

describe('A pipe, a nest of lists and a file without end are refused in one line', () => {
  const USERS = 'INVENTORY: cannot read .*: ';
  it.each([
    ['a pipe as users', { INVENTORY: 'pipe.json' }, new RegExp(`${USERS}it is a pipe, not a file`)],
    ['a nest as users', { INVENTORY: 'deep.json' }, /deep\.json: it is a list; expected an object/],
    ['a file without end as users', { INVENTORY: 'huge.json' }, /it is 8000 MB; expected at most 500 MB/],
    ['a pipe as a secret', { PF_CLIENT_SECRET_FILE: 'pipe.csv' }, /PF_CLIENT_SECRET_FILE: pipe\.csv: it is a pipe/],
  ])('%s', async (_title, env, says) => refused(['run', 'smoke'], env, says));

  siblings.each([
    ['a pipe as CSV', { INVENTORY: 'pipe.csv' }, new RegExp(`${USERS}it is a pipe, not a file`)],
    ['a nest as a name', { INVENTORY: 'deep-user.json' }, /users\[0\]\.username is a list; expected a string/],
    ['a nest elsewhere', { INVENTORY: 'deep-select.json' }, /generator is a list; expected a string/],
    ['a long line', { INVENTORY: 'long.json' }, /a is not known; known: version/],
    ['a device', { INVENTORY: '/dev/zero' }, new RegExp(`${USERS}it is not a regular file`)],
    ['a pipe as payloads', { DEVICE_DRIVER: 'file', PAYLOADS: 'pipe.json' }, /PAYLOADS: pipe\.json: it is a pipe/],
    [
      'a pipe as a key',
      { TLS_CLIENT_KEY: 'pipe.json', TLS_CLIENT_CERT: 'long.json' },
      /TLS_CLIENT_KEY(: pipe\.json: it| is not PEM)/,
    ],
  ])('%s', async (_title, env, says) => refused(['run', 'smoke'], env, says));

  it.each([
    ['pipe.json', /cannot read the population pipe\.json: it is a pipe, not a file/],
    ['deep.json', /deep\.json: the file is a list; expected a value of type object/],
    ['huge.json', /cannot read the population huge\.json: it is 8000 MB; expected at most 20 MB/],
  ])('%s as a population', async (file, says) =>
    refused(['inventory', '--users', '20', '--out', 'x.json', '--population', file], {}, says),
  );
  siblings.each([
    ['deep-population.json', /groups\[0\] is a list; expected a value of type object/],
    ['long.json', /version is missing; .* a is not known/],
  ])('%s as a population', async (file, says) =>
    refused(['inventory', '--users', '20', '--out', 'x.json', '--population', file], {}, says),
  );

  it.each([
    ['pipe.json', /pipe\.json cannot be read: it is a pipe, not a file; pipe it into stdin, named -/],
    ['deep-samples.json', /line 1: data\.value is a list; expected a number/],
    ['long.json', /line 1 has more than 1000000 characters; expected lines of k6's --out json/],
  ])('%s as samples', async (file, says) => refused(['import', file], {}, says));
  siblings.each([
    ['deep.json', /line 1 (has more than 1000000 characters|is not a line of k6's)/],
    ['huge.json', /line 1 (has more than 1000000 characters|is not a line of k6's)/],
  ])('%s as samples', async (file, says) => refused(['import', file], {}, says));

  it.each([
    ['pipe.json', /--config pipe\.json: it is a pipe, not a file/],
    ['deep-config.json', /stages.*\[0\] is a list; expected an object/],
  ])('%s as a configuration', async (file, says) => refused(['run', './script.js', '--config', file], {}, says));

  const RECORDS: readonly (readonly [string, string, (path: string) => void, RegExp])[] = [
    ['a pipe', 'run.json', pipe, /run\.json: it is a pipe, not a file; expected a run folder/],
    ['a pipe', 'series.jsonl', pipe, /series\.jsonl cannot be read: it is a pipe/],
    ['a nest', 'run.json', nested, /run\.json.* is a list; expected an object/],
    ['a file without end', 'run.json', huge, /run\.json: it is 8000 MB; expected at most 50 MB/],
    ['a file without end', 'failures.jsonl', huge, /failures\.jsonl: line 1 has more than 1000000 characters/],
  ];
  it.each(RECORDS.filter((_, at) => LOST || at < 3))('%s as %s of a record', async (_title, file, make, says) =>
    refused(['report', recordWith(file, make)], {}, says),
  );
  siblings('a nest as series.jsonl of a record is a damaged line, and said', async () => {
    const broken = recordWith('series.jsonl', (path) => writeFileSync(path, `${deep}\n${deep}\n`));
    const { code, stderr } = await pairstorm(folder, ['report', broken]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(
      /^warning: the record is incomplete: 1 of 1 lines of series\.jsonl are missing or cannot be/,
    );
    const compared = await pairstorm(folder, ['compare', record, broken]);
    expect(compared).toMatchObject({ code: 104, stdout: expect.stringMatching(/verdict: not compared/) as string });
  });
  siblings.each(RECORDS.slice(0, 2))('%s as %s of a record, to merge and compare', async (_title, file, make, says) => {
    const broken = recordWith(file, make);
    await refused(['compare', record, broken], {}, says);
    // Before merge looks at the series, it finds that both are the same part of a run.
    if (file === 'run.json') await refused(['merge', record, broken], {}, says);
  });
});

/** What no output may hold as it is: C0 but for line feed and tab, C1, bidirectional controls, separators, a mark. */
// eslint-disable-next-line no-control-regex -- this is what is looked for
const STEERING = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;
const HOSTILE = 'x\x1b]0;owned\x07\x9b31m\u202egnp\u2066\u2028\ufeffy';

describe('What steers a terminal or turns writing around gets out of nothing', () => {
  const FORMS = ['html', 'markdown', 'junit', 'json'];

  it('of a script: its console, its names, its failures', async () => {
    const home = emptyFolder();
    const script = `const { Counter } = require('k6/metrics');
      const { check, group } = require('k6');
      const hostile = ${JSON.stringify(HOSTILE)};
      module.exports = {
        options: { iterations: 2, thresholds: { checks: ['rate>0.5'] } },
        default() {
          console.log(hostile); console.error(hostile);
          check(1, { ['is ' + hostile]: () => false });
          if (__ITER > 0 || __VU > 0) throw new Error(hostile);
        },
        handleSummary: () => ({ stdout: hostile + '\\u001b[32mgreen\\u001b[0m', stderr: hostile }),
      };`;
    writeFileSync(join(home, 'script.js'), script);
    const ran = await pairstorm(home, [
      'run',
      './script.js',
      '--gate',
      '--allow-invalid',
      '--workers',
      '0',
      '--verbose',
    ]);
    expect(ran.stderr).toContain(String.raw`x\x1b]0;owned\x07\x9b31m\u202egnp\u2066`);
    expect(ran.stderr).not.toMatch(STEERING);
    // Colours of a summary are let through.
    expect(ran.stdout).toContain('\x1b[32mgreen\x1b[0m');
    expect(ran.stdout.replaceAll('\x1b[32m', '').replaceAll('\x1b[0m', '')).not.toMatch(STEERING);
    const [run] = readdirSync(join(home, 'results'));
    for (const file of ['report.html', 'report.md', 'junit.xml']) {
      expect(readFileSync(join(home, 'results', run!, file), 'utf8'), file).not.toMatch(STEERING);
    }
    for (const form of FORMS) {
      const { stdout } = await pairstorm(home, ['report', `results/${run!}`, '--format', form, '--out', '-']);
      expect(stdout, form).not.toMatch(STEERING);
    }
    const again = await pairstorm(home, ['run', './script.js', '--json', '--allow-invalid', '--workers', '0']);
    expect(again.stdout + again.stderr).not.toMatch(STEERING);
  });

  it('of users, settings and names of files', async () => {
    const home = emptyFolder();
    const name = 'p\u202egnp.csv';
    writeFileSync(join(home, name), `username,password,kind\n"a${HOSTILE}","${HOSTILE}",${HOSTILE}\n`);
    mkdirSync(join(home, 'r\x1b[2J\u202e'));
    for (const [args, env] of [
      [['run', 'smoke', '--json'], { INVENTORY: name }],
      [['run', 'smoke', '--json'], { PF_STATE: HOSTILE }],
      [['run', 'smoke', '-e', `${HOSTILE}=1`], {}],
      [['run', `${HOSTILE}.js`], {}],
      [['doctor', '--json'], { INVENTORY: name }],
      [['inventory', '--users', '20', '--out', `${HOSTILE}.json`], {}],
      [['report', 'r\x1b[2J\u202e'], {}],
      [['compare', 'r\x1b[2J\u202e', 'r\x1b[2J\u202e', '--json'], {}],
      [[HOSTILE], {}],
    ] as readonly (readonly [readonly string[], Readonly<Record<string, string>>])[]) {
      const { stdout, stderr } = await pairstorm(home, args, env);
      expect(stdout + stderr, args.join(' ')).not.toMatch(STEERING);
      expect(stdout + stderr).not.toBe('');
    }
  });

  it('of a record that comes from elsewhere', async () => {
    const run = JSON.parse(readFileSync(join(record, 'run.json'), 'utf8')) as Record<string, unknown>;
    const hostile = { ...run, testid: HOSTILE, script: HOSTILE, settings: { [HOSTILE]: HOSTILE }, target: HOSTILE };
    const folderOf = recordWith('run.json', (path) => writeFileSync(path, JSON.stringify(hostile)));
    for (const form of FORMS) {
      const { stdout, stderr } = await pairstorm(folder, ['report', folderOf, '--format', form, '--out', '-']);
      expect(stdout, stderr).not.toBe('');
      expect(stdout + stderr, form).not.toMatch(STEERING);
    }
    for (const flags of [[], ['--json'], ['--format', 'markdown']]) {
      const { stdout, stderr } = await pairstorm(folder, ['compare', record, folderOf, '--anyway', ...flags]);
      expect(stdout + stderr, flags.join(' ')).not.toMatch(STEERING);
    }
  });
});
