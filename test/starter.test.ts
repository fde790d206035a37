import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emptyFolder, pairstorm } from './cli/command.ts';

/** `npm test` looks at what is written; `npm run check:habits` packs the package and plays the job of the project, too. */
const WANTED = process.env['STARTER'] !== undefined;
const ROOT = resolve(import.meta.dirname, '..');

interface Job {
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly name?: string; readonly run?: string; readonly uses?: string }[];
}

/** Plays a command to its end; what it said, stdout and stderr together. */
const played = (
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv,
  input = '',
): Promise<{ readonly status: number | null; readonly stdout: string }> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env });
    let stdout = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.once('error', reject).once('close', (status) => resolve({ status, stdout }));
    child.stdin.end(input);
  });

const jobOf = (folder: string): Job =>
  (parse(readFileSync(join(folder, '.github/workflows/pairstorm.yml'), 'utf8')) as { jobs: { pairstorm: Job } }).jobs
    .pairstorm;

describe('pairstorm init', () => {
  it('makes a project as the flags say, and replaces nothing', async () => {
    const folder = emptyFolder();
    const { code, stdout, stderr } = await pairstorm(folder, ['init', 'tests of ours', '--yes']);
    expect(code, stderr).toBe(0);
    expect(stderr).toBe(
      "next: cd 'tests of ours' && npm install && npm run users && npm run smoke; README.md has the rest\n",
    );
    const files = ['population.json', 'tests/rush.ts', '.github/workflows/pairstorm.yml', '.gitignore', 'README.md'];
    expect(stdout.trim().split('\n')).toEqual([...files, 'package.json'].map((file) => join('tests of ours', file)));
    const again = await pairstorm(folder, ['init', 'tests of ours', '--yes']);
    expect([again.code, again.stdout]).toEqual([104, '']);
    expect(again.stderr).toMatch(/population\.json is there already, and nothing is replaced; name an empty folder/);
    // The secret of the target is the job's alone, and every value that is not set is empty.
    const { env, steps } = jobOf(join(folder, 'tests of ours'));
    expect(Object.values(env).every((value) => value.startsWith('${{ vars.'))).toBe(true);
    expect(steps.flatMap(({ run }) => run ?? [])[0]).toBe('npm ci');
  });

  it('for a target of yours, without a script, in GitLab, beside a package.json', async () => {
    const folder = emptyFolder();
    writeFileSync(
      join(folder, 'package.json'),
      '{"name":"ours","scripts":{"smoke":"mine"},"dependencies":{"pairstorm":"1"}}',
    );
    const target = ['--target', 'https://sso.staging.example.com:9031/', '--client-id', 'load-test'];
    const { code, stderr } = await pairstorm(folder, ['init', '-y', '--ci', 'gitlab', '--no-script', ...target]);
    expect(code, stderr).toBe(0);
    expect(existsSync(join(folder, 'tests'))).toBe(false);
    expect(readFileSync(join(folder, 'target.env'), 'utf8')).toMatch(
      /^export PF_BASE_URL=https:\/\/sso\.staging\.example\.com:9031\nexport ALLOW_HOSTS=sso\.staging\.example\.com\nexport PF_CLIENT_ID=load-test$/m,
    );
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ name: 'ours', scripts: { smoke: 'mine' }, dependencies: { pairstorm: '1' } });
    expect(manifest).not.toHaveProperty('devDependencies');
    const { pairstorm: job } = parse(readFileSync(join(folder, '.gitlab-ci.yml'), 'utf8')) as {
      pairstorm: { script: string[]; before_script: string[] };
    };
    expect(job.before_script).toEqual(['npm ci']);
    expect(job.script.some((line) => line.includes('run smoke --gate'))).toBe(true);
  });

  it.each([
    [['--target', 'sso.example.com'], /write scheme, host, port and path only/],
    [['--client-id', 'a b'], /the client id is not usable/],
  ])('refuses %j', async (flags, says) => {
    const folder = emptyFolder();
    const { code, stderr } = await pairstorm(folder, ['init', '-y', ...flags]);
    expect(stderr).toMatch(says);
    expect([code, readdirSync(folder)]).toEqual([104, []]);
  });

  // util-linux's script(1) gives it a terminal.
  it.skipIf(process.platform !== 'linux')('asks what no flag says, and again what it cannot take', async () => {
    const folder = emptyFolder();
    const entry = join(ROOT, 'build/cli/pairstorm.js');
    const input = 'not a url\nhttp://127.0.0.1:9031\n\ntravis\nnone\nno\n';
    const command = `'${process.execPath}' '${entry}' init`;
    const env = { PATH: process.env['PATH'] ?? '', TERM: 'dumb', SHELL: '/bin/sh' };
    const { status, stdout } = await played('script', ['-qefc', command, '/dev/null'], folder, env, input);
    expect(status, stdout).toBe(0);
    expect(stdout).toContain('the target is not usable');
    expect(stdout).toContain('CI is "travis"; write github, gitlab, none');
    expect(readdirSync(folder).sort()).toEqual([
      '.gitignore',
      'README.md',
      'package.json',
      'population.json',
      'target.env',
    ]);
    expect(readFileSync(join(folder, 'target.env'), 'utf8')).toContain('PF_CLIENT_ID=pairstorm\n');
  });
});

describe.skipIf(!WANTED)('the starter project, from the packed package', () => {
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'pairstorm-starter-'));
    const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], {
      cwd: ROOT,
    });
    // In the place of `npm install`: the package as packed, and of this checkout's modules what it depends on.
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, 'pairstorm'), { recursive: true });
    mkdirSync(join(modules, '.bin'));
    const tarball = join(folder, packed.toString().trim());
    execFileSync('tar', ['-xzf', tarball, '-C', join(modules, 'pairstorm'), '--strip-components=1']);
    const { dependencies, bin } = JSON.parse(readFileSync(join(modules, 'pairstorm/package.json'), 'utf8')) as {
      readonly dependencies: Readonly<Record<string, string>>;
      readonly bin: { readonly pairstorm: string };
    };
    for (const name of Object.keys(dependencies)) {
      mkdirSync(dirname(join(modules, name)), { recursive: true });
      symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    }
    execFileSync('chmod', ['+x', join(modules, 'pairstorm', bin.pairstorm)]);
    symlinkSync(join('..', 'pairstorm', bin.pairstorm), join(modules, '.bin/pairstorm'));
    const made = spawnSync('node_modules/.bin/pairstorm', ['init', '--yes'], { cwd: folder, encoding: 'utf8' });
    expect(made.status, made.stderr).toBe(0);
  }, 120_000);

  it('has a job whose commands pass, in order', { timeout: 300_000 }, async () => {
    const { steps } = jobOf(folder);
    const commands = steps.flatMap(({ name, run }) => (run === undefined || name === 'Install' ? [] : [run]));
    expect(commands.length).toBe(4);
    const env = {
      ...{ PATH: process.env['PATH'] ?? '', HOME: folder, GITHUB_STEP_SUMMARY: join(folder, 'summary.md') },
      // As GitHub gives a variable that is not set; and the pace of a test.
      ...{ PF_BASE_URL: '', ALLOW_HOSTS: '', PF_CLIENT_ID: '', PF_CLIENT_SECRET: '', DEVICE_DRIVER: '' },
      ...{ INVENTORY: 'people.json', TIME_SCALE: '0.1' },
    };
    for (const command of commands) {
      const { status, stdout } = await played('bash', ['-e', '-c', command], folder, env);
      expect(status, `${command}\n${stdout}`).toBe(0);
    }
    for (const run of ['smoke', 'rush']) {
      const [made] = readdirSync(join(folder, 'results', run));
      expect(readdirSync(join(folder, 'results', run, made!))).toEqual(
        expect.arrayContaining(['report.html', 'junit.xml', 'report.md']),
      );
    }
    expect(readFileSync(join(folder, 'summary.md'), 'utf8').match(/PASS/g)?.length).toBeGreaterThanOrEqual(2);
  });
});
