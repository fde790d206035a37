import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ResultObject } from '../../cli/result.ts';
import { SETTINGS } from '../../lib/settings.ts';
import { emptyFolder, pairstorm, writeInventory } from '../cli/command.ts';
import { inTime } from '../late-machine.ts';

const ROOT = new URL('../../', import.meta.url);
/** The templates start it without npx, which does not pass on the signal that cancels a job. */
const COMMAND = 'node_modules/.bin/pairstorm';
const ENTRY = fileURLToPath(new URL('build/cli/pairstorm.js', ROOT));

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface GithubJob {
  readonly 'timeout-minutes': number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Github {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly concurrency: { readonly group: string; readonly 'cancel-in-progress': string };
  readonly env: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<'smoke' | 'load' | 'load-under-k6', GithubJob>>;
}

interface GitlabJob {
  readonly extends: string;
  readonly timeout: string;
  readonly resource_group?: string;
  readonly script: readonly string[];
  readonly after_script?: readonly string[];
}

const text = (name: string): string => readFileSync(new URL(`deploy/ci/${name}`, ROOT), 'utf8');
const github = parse(text('github-actions.yml')) as Github;
const gitlab = parse(text('gitlab-ci.yml')) as Readonly<Record<string, GitlabJob>> & {
  readonly '.pairstorm': {
    readonly resource_group: string;
    readonly artifacts: { readonly when: string; readonly reports: { readonly junit: string } };
  };
};
const gitlabJobs = ['smoke', 'load', 'load-under-k6'].map((name) => gitlab[name]!);

const scripts: readonly string[] = [
  ...Object.values(github.jobs).flatMap(({ steps }) => steps.flatMap(({ run }) => run ?? [])),
  ...gitlabJobs.flatMap(({ script, after_script: after = [] }) => [...script, ...after]),
];

/** The command lines of ours in the templates, each as its words behind the command. */
const ours = scripts
  .flatMap((script) => script.split('\n'))
  .flatMap((line) => /\$PAIRSTORM (.*?)(?: \|\| .*)?$/.exec(line)?.[1] ?? [])
  .map((line) => line.split(' '));

/** A folder as a pipeline's checkout, and what a runner gives a step. */
function runner(timeScale: number): { readonly folder: string; readonly env: Record<string, string> } {
  const folder = emptyFolder();
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'gh'), `#!/bin/sh\nprintf '%s\\n' "$@" > "${folder}/gh-called"\n`);
  chmodSync(join(bin, 'gh'), 0o755);
  // Whether this machine keeps up is decided by inTime.
  const command = `exec '${process.execPath}' '${ENTRY}'`;
  writeFileSync(
    join(bin, 'pairstorm'),
    `#!/bin/sh\ncase $1 in run) shift; ${command} run --allow-invalid "$@" ;; esac\n${command} "$@"\n`,
  );
  chmodSync(join(bin, 'pairstorm'), 0o755);
  return {
    folder,
    env: {
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      PAIRSTORM: join(bin, 'pairstorm'),
      ...{ PF_BASE_URL: '', ALLOW_HOSTS: '', PF_CLIENT_ID: '', PF_CLIENT_SECRET: '', PULL_REQUEST: '12' },
      ...{ GITHUB_STEP_SUMMARY: join(folder, 'summary.md'), TIME_SCALE: String(timeScale) },
      INVENTORY: join(folder, 'people.json'),
    },
  };
}

/** Runs a step as a runner does; its exit code. */
async function runStep(script: string, folder: string, env: Record<string, string>): Promise<number> {
  return promisify(execFile)('bash', ['-e', '-c', script], { cwd: folder, env }).then(
    () => 0,
    (error: unknown) => (error as { readonly code?: number }).code ?? 1,
  );
}

describe('The template for GitHub Actions', () => {
  it('asks for no more than it needs, ends in time, and never gives a pull request of a fork a secret', () => {
    expect(github.permissions).toEqual({ contents: 'read' });
    expect(github.jobs.smoke.permissions).toEqual({ contents: 'read', 'pull-requests': 'write' });
    expect(github.jobs.load.permissions).toEqual({ contents: 'read', actions: 'read' });
    expect(Object.keys(github.on)).not.toContain('pull_request_target');
    for (const job of Object.values(github.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(60);
  });

  it('uses actions of GitHub alone, each by its major version, and keeps artifacts of failed runs', () => {
    for (const { steps } of Object.values(github.jobs)) {
      const used = steps.filter(({ uses }) => uses !== undefined);
      for (const { uses } of used) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/);
      expect(used.find(({ uses }) => uses!.startsWith('actions/upload-artifact'))?.if).toBe('always()');
    }
  });

  it('puts no expression into a shell script, where a branch name would be code', () => {
    for (const { steps } of Object.values(github.jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{');
    }
  });
});

/** What shapes the load and the people, which is the job's own; all other settings describe a deployment. */
const OF_THE_LOAD = [
  ...['CLIENT_PROFILE', 'CONNECTIONS', 'RETRIES_START', 'RETRIES_ACTION', 'RETRIES_POLL', 'RETRY_BACKOFF'],
  ...['RETRY_BACKOFF_MAX', 'TIMEOUT_START', 'TIMEOUT_ACTION', 'TIMEOUT_POLL', 'FLOW_PATIENCE', 'MAX_STATES', 'VUS'],
  ...['TIME_SCALE', 'PUSH_DECIDED_BY', 'POLL_PHASE', 'RESEND_ON_REUSED', 'STORM_MAX', 'STORM_MAX_PER_USER'],
];

/** Settings that a deployment may need, by whether they are secrets. */
const ofADeployment = (secret: boolean): string[] =>
  [...SETTINGS]
    .filter(([, { scenarios, parse }]) => scenarios === undefined && (parse.type === 'secret') === secret)
    .map(([name]) => name)
    .filter((name) => !OF_THE_LOAD.includes(name));

describe('The template for GitHub Actions, at a staging system', () => {
  it('passes on every setting that a deployment may need, and secrets to the steps that make load alone', () => {
    for (const name of [...ofADeployment(false), 'NODE_EXTRA_CA_CERTS']) {
      expect(github.env[name], name).toBe(`\${{ vars.${name} }}`);
    }
    const { PAIRSTORM, ...passed } = github.env;
    expect(PAIRSTORM).toBe(COMMAND);
    expect(Object.keys(passed).sort()).toEqual([...ofADeployment(false), 'NODE_EXTRA_CA_CERTS'].sort());
    for (const { steps } of Object.values(github.jobs)) {
      const makesLoad = ({ run }: Step): boolean => /\brun (?:smoke|load)\b|\bk6 run\b/.test(run ?? '');
      const [loading, others] = [steps.filter(makesLoad), steps.filter((step) => !makesLoad(step))];
      expect(loading).toHaveLength(1);
      for (const name of ofADeployment(true)) expect(loading[0]!.env?.[name]).toBe(`\${{ secrets.${name} }}`);
      expect(JSON.stringify(others)).not.toContain('secrets.');
    }
  });

  it('passes on how much load and which limits to the steps of the load alone, as docs/ci.md says', () => {
    const guide = readFileSync(new URL('docs/ci.md', ROOT), 'utf8');
    const passed = {
      RATE: "${{ vars.PAIRSTORM_RATE || '20' }}",
      DURATION: "${{ vars.PAIRSTORM_DURATION || '10m' }}",
      P95_MS: '${{ vars.P95_MS }}',
      MAX_ERROR_RATE: '${{ vars.MAX_ERROR_RATE }}',
    };
    const loading = ['load', 'load-under-k6'] as const;
    for (const job of loading)
      expect(github.jobs[job].steps.find(({ name }) => name === 'Load')?.env).toMatchObject(passed);
    for (const name of Object.keys(passed)) {
      expect(SETTINGS.get(name)?.scenarios, name).toContain('load');
      // It would refuse what does not apply.
      expect(JSON.stringify([github.env, github.jobs.smoke])).not.toContain(`"${name}"`);
    }
    const variables = new Set([...text('github-actions.yml').matchAll(/vars\.(\w+)/g)].map(([, name]) => name!));
    const own = [...variables].filter((name) => !SETTINGS.has(name) && name !== 'NODE_EXTRA_CA_CERTS');
    expect(own).toEqual(['PAIRSTORM_RATE', 'PAIRSTORM_DURATION', 'K6_RUNNER']);
    for (const name of [...own, 'P95_MS', 'MAX_ERROR_RATE']) expect(guide).toContain(`\`${name}\``);
  });

  it('never loads it twice at a time, whatever started the runs, and cancels none that loads it', () => {
    expect(github.concurrency.group).toBe('pairstorm-${{ vars.PF_BASE_URL || github.ref }}');
    expect(github.concurrency['cancel-in-progress']).toMatch(/vars\.PF_BASE_URL == '' &&/);
  });
});

describe('The template for Jenkins', () => {
  const jenkins = text('Jenkinsfile');

  it('never loads a target twice at a time, ends in time, and keeps records and JUnit of failed runs', () => {
    expect(jenkins).toMatch(/^ {4}lock\(resource: 'pairstorm-target'\)$/m);
    expect(jenkins.match(/options \{ timeout\(/g)).toHaveLength(2);
    expect(jenkins).toMatch(/always \{\s+junit testResults: 'results\/\*\/\*\/junit\.xml'/);
    expect(jenkins.match(/\$PAIRSTORM [^']*/g)).toEqual([
      '$PAIRSTORM run smoke --gate --results results/smoke',
      '$PAIRSTORM run load --gate --results results/load',
    ]);
    expect(jenkins).toContain(`PAIRSTORM = '${COMMAND}'`);
  });
});

describe('The template for GitLab', () => {
  it('never loads a target twice at a time, whatever started the jobs', () => {
    expect(gitlab['.pairstorm'].resource_group).toBe('pairstorm-target');
    for (const job of gitlabJobs) expect(job.resource_group).toBeUndefined();
  });

  it('ends in time, and keeps records and JUnit of failed runs', () => {
    expect(gitlab['.pairstorm'].artifacts).toMatchObject({
      when: 'always',
      reports: { junit: 'results/*/*/junit.xml' },
    });
    for (const job of gitlabJobs) {
      expect(job.extends).toBe('.pairstorm');
      expect(job.timeout).toMatch(/^(\d+ minutes|1 hour)$/);
    }
  });
});

describe('The templates for GitHub and GitLab', () => {
  it('are shell scripts', () => {
    for (const script of scripts) execFileSync('bash', ['-n', '-c', script]);
  });

  it('name commands, flags and files that there are', async () => {
    const names = new Set(ours.map(([name]) => name!));
    expect([...names].sort()).toEqual(['compare', 'import', 'report', 'run']);
    const { stdout } = await pairstorm(emptyFolder(), ['--help']);
    for (const name of names) {
      // A command that is not there yet is in another change.
      if (!new RegExp(`^ {2}${name}\\b`, 'm').test(stdout)) continue;
      const help = (await pairstorm(emptyFolder(), [name, '--help'])).stdout;
      const flags = ours
        .filter(([command]) => command === name)
        .flatMap((words) => words.filter((w) => w.startsWith('--')));
      for (const flag of flags) expect(help).toMatch(new RegExp(`(^|[ ,])${flag}\\b`, 'm'));
    }
    for (const file of text('github-actions.yml').match(/dist\/\w+\.js/g)!) {
      expect(existsSync(new URL(file, ROOT))).toBe(true);
    }
  });

  it('play smoke, and leave summary, JUnit and a comment', async () => {
    const { steps } = github.jobs.smoke;
    const played = await inTime(
      0.1,
      async (timeScale) => {
        const { folder, env } = runner(timeScale);
        writeInventory(env['INVENTORY']!, 300, 3);
        const codes: Record<string, number> = {};
        for (const { name, run } of steps) {
          if (run !== undefined && name !== 'Install') codes[name!] = await runStep(run, folder, env);
        }
        const record = join(folder, 'results/smoke', readdirSync(join(folder, 'results/smoke'))[0]!);
        const result = JSON.parse(readFileSync(join(record, 'result.json'), 'utf8')) as ResultObject;
        return { folder, env, codes, record, result };
      },
      ({ result }) => (result.verdict === 'pass' ? undefined : result.ownDelay),
    );
    const { folder, env, codes, record } = played;
    expect(codes).toEqual({ Smoke: 0, Summary: 0, Comment: 0 });
    const comment = readFileSync(join(record, 'report.md'), 'utf8');
    expect(readFileSync(env['GITHUB_STEP_SUMMARY']!, 'utf8')).toBe(comment);
    expect(readFileSync(join(folder, 'gh-called'), 'utf8').split('\n')).toEqual([
      ...['pr', 'comment', '12', '--edit-last', '--create-if-none', '--body-file'],
      ...[`results/smoke/${record.split('/').at(-1)!}/report.md`, ''],
    ]);
    expect(existsSync(join(record, 'junit.xml'))).toBe(true);

    // GitLab's comment on the same results goes to a real server.
    const posted: string[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        posted.push(`${request.method} ${request.url} ${request.headers['private-token'] as string}`, body);
        response.end('{}');
      });
    }).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const ci = { CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`, CI_PROJECT_ID: '7', CI_MERGE_REQUEST_IID: '3' };
      const code = await runStep(gitlab['smoke']!.after_script!.join('\n'), folder, {
        ...{ ...env, ...ci, PAIRSTORM_COMMENT_TOKEN: 'a-token' },
      });
      expect(code).toBe(0);
    } finally {
      server.close();
    }
    expect(posted[0]).toBe('POST /api/v4/projects/7/merge_requests/3/notes a-token');
    expect(new URLSearchParams(posted[1]).get('body')).toBe(comment);
  }, 240_000);
});
