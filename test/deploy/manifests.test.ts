import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Command } from 'commander';
import { define } from '../../cli/deploy.ts';
import { checkManifests } from '../../cli/deploy/check-manifests.ts';
import { emptyFolder, scriptFile } from '../cli/command.ts';

const TARGET = ['-e', 'PF_BASE_URL=https://sso.example.com:9031', '-e', 'ALLOW_HOSTS=sso.example.com'];
const S3 = ['--store', 's3://bucket/load'];

/** Planted in the environment of the command. */
const SECRETS = {
  PF_CLIENT_SECRET: 'planted-client-secret',
  AWS_ACCESS_KEY_ID: 'planted-key-id',
  AWS_SECRET_ACCESS_KEY: 'planted-access-key',
};

/** Runs `pairstorm deploy` in this process, and gives what it wrote. */
async function deploy(
  ...args: readonly string[]
): Promise<{ readonly out: string; readonly files: readonly string[] }> {
  const out = emptyFolder();
  const command = new Command('deploy').exitOverride().configureOutput({ writeErr: () => undefined });
  define(command);
  await command.parseAsync(['k8s', ...args, '--out', out], { from: 'user' });
  return { out, files: readdirSync(out).sort() };
}

const read = (out: string, file: string): Spec => parse(readFileSync(join(out, file), 'utf8')) as Spec;

/** As much of an object as is looked at here. */
interface Spec {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: {
    readonly egress?: unknown;
    readonly completions?: number;
    readonly activeDeadlineSeconds?: number;
    readonly arguments?: string;
    readonly template: { readonly spec: Pod };
    readonly runner: Readonly<Record<string, unknown>>;
  };
}
interface Pod {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly [field: string]: unknown;
}
interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly envFrom: unknown;
  readonly securityContext: unknown;
}

let before: NodeJS.ProcessEnv;
beforeEach(() => {
  before = { ...process.env };
  Object.assign(process.env, SECRETS);
});
afterEach(() => {
  process.env = before;
  process.exitCode = undefined;
});

describe('Manifests for Kubernetes', () => {
  it('play a scenario in parts from one moment on, and judge the whole', async () => {
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const load = ['-e', 'RATE=200', '-e', 'DURATION=10m', '-e', 'RAMP=1m'];
    const { out, files } = await deploy(
      'load',
      '--pods',
      '8',
      ...S3,
      ...TARGET,
      ...load,
      '--start-at',
      at,
      '--testid',
      'r7',
      '--check',
    );
    expect(process.exitCode).toBe(0);
    expect(files).toEqual(['10-network-policy.yaml', '20-job.yaml', '30-merge.yaml']);
    const { metadata, spec } = read(out, '20-job.yaml');
    expect(metadata.name).toBe('pairstorm-load-r7');
    expect(spec.completions).toBe(8);
    const [container] = spec.template.spec.containers;
    expect(container!.args.join(' ')).toBe(
      `run load --part $(JOB_COMPLETION_INDEX)/8 --start-at ${at} --tag testid=r7 --results /results --push s3://bucket/load --exit-zero-on 99,120`,
    );
    expect(Object.fromEntries(container!.env.map(({ name, value }) => [name, value]))).toMatchObject({
      RATE: '200',
      PF_BASE_URL: 'https://sso.example.com:9031',
    });
    expect(container!.envFrom).toEqual([{ secretRef: { name: 'pairstorm', optional: false } }]);
    // Until the start, eleven minutes of plan, three to end, ten to spare.
    expect(spec.activeDeadlineSeconds).toBeGreaterThan(3_500 + 24 * 60);
    const merge = read(out, '30-merge.yaml').spec.template.spec.containers[0]!;
    expect(merge.args.join(' ')).toMatch(
      /^merge --parts 8 --pull s3:\/\/bucket\/load --testid r7 --wait \d+s --gate --results \/results$/,
    );
  });

  it('keep to the restricted standard for pods', async () => {
    const { out } = await deploy('load', '--pods', '2', ...S3, ...TARGET);
    for (const file of ['20-job.yaml', '30-merge.yaml']) {
      const pod = read(out, file).spec.template.spec;
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const { securityContext } of [...pod.containers, ...(pod.initContainers ?? [])])
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
    }
  });

  it('let pods reach DNS, the target and the store only', async () => {
    const policy = async (...further: readonly string[]): Promise<string> => {
      const { out } = await deploy('load', '--pods', '2', '--store', 'pvc:records', ...further);
      return JSON.stringify(read(out, '10-network-policy.yaml').spec.egress);
    };
    const dns = '{"ports":[{"protocol":"UDP","port":53},{"protocol":"TCP","port":53}]}';
    expect(await policy(...TARGET)).toBe(`[${dns},{"ports":[{"protocol":"TCP","port":9031}]}]`);
    expect(await policy(...TARGET, '--egress', '10.1.0.0/16')).toContain(
      '{"to":[{"ipBlock":{"cidr":"10.1.0.0/16"}}],"ports":[{"protocol":"TCP","port":9031}]}',
    );
    const inside = ['-e', 'PF_BASE_URL=http://pf.sso.svc:9031', '-e', 'ALLOW_HOSTS=pf.sso.svc'];
    expect(await policy(...inside)).toContain('{"kubernetes.io/metadata.name":"sso"}');
    const literal = ['-e', 'PF_BASE_URL=http://10.2.3.4:9031', '-e', 'ALLOW_HOSTS=10.2.3.4'];
    expect(await policy(...literal)).toContain('{"ipBlock":{"cidr":"10.2.3.4/32"}}');
  });

  it('have pods make the users that the image lacks, and read given ones from a volume', async () => {
    const many = ['-e', 'RATE=2000', '-e', 'DURATION=10m'];
    const { out } = await deploy('load', '--pods', '8', ...S3, ...TARGET, ...many, '--check');
    const pod = read(out, '20-job.yaml').spec.template.spec;
    expect(pod.initContainers![0]!.args.join(' ')).toMatch(
      /^inventory --out \/users\/inventory\.json --users \d{5,} --seed 7 --population everything --quiet$/,
    );
    expect(pod.containers[0]!.env).toContainEqual({ name: 'INVENTORY', value: '/users/inventory.json' });
    const own = ['--mount', 'secret:people=/data', '-e', 'INVENTORY=/data/people.csv'];
    const given = read((await deploy('load', '--pods', '2', ...S3, ...TARGET, ...own, '--check')).out, '20-job.yaml');
    expect(given.spec.template.spec.initContainers).toEqual([]);
    expect(given.spec.template.spec['volumes']).toContainEqual({ name: 'given-0', secret: { secretName: 'people' } });
  });

  it('are a TestRun with the bundle for k6-operator', async () => {
    const { out, files } = await deploy(
      'load',
      '--pods',
      '4',
      '--target',
      'k6-operator',
      '--store',
      'pvc:samples',
      ...TARGET,
      '--testid',
      'r8',
      '--check',
    );
    expect(process.exitCode).toBe(0);
    expect(files).toEqual(['00-config-map.yaml', '10-network-policy.yaml', '20-test-run.yaml']);
    expect(read(out, '20-test-run.yaml').spec).toMatchObject({
      parallelism: 4,
      separate: true,
      script: { configMap: { name: 'pairstorm-load-r8', file: 'load.js' } },
      arguments: '--tag testid=r8 --out json=/store/r8-$(POD_NAME).json.gz --no-usage-report',
    });
    expect(read(out, '00-config-map.yaml').data!['load.js']).toContain('exports');
  });

  it('hold no secret that the environment has', async () => {
    for (const target of [
      ['--target', 'job', ...S3],
      ['--target', 'k6-operator', '--store', 'pvc:samples'],
    ]) {
      const { out, files } = await deploy('load', '--pods', '2', ...target, ...TARGET);
      for (const file of files)
        for (const secret of Object.values(SECRETS))
          expect(readFileSync(join(out, file), 'utf8')).not.toContain(secret);
    }
  });

  interface Refused {
    readonly what: string;
    readonly args: readonly string[];
    readonly reason: RegExp;
  }
  const refused: readonly Refused[] = [
    { what: 'a secret', args: [...S3, ...TARGET, '-e', 'PF_CLIENT_SECRET=x'], reason: /do not pass a secret/ },
    {
      what: 'headers that may hold one',
      args: [...S3, ...TARGET, '-e', 'PF_HEADERS={"A":"b"}'],
      reason: /may hold a secret/,
    },
    { what: 'a misspelt setting', args: [...S3, ...TARGET, '-e', 'RAET=1'], reason: /did you mean RATE/ },
    { what: 'no target', args: S3, reason: /PF_BASE_URL=… is missing; pods need a target/ },
    {
      what: 'a target on this machine',
      args: [...S3, '-e', 'PF_BASE_URL=http://127.0.0.1:9031'],
      reason: /is 127\.0\.0\.1; pods/,
    },
    {
      what: 'a target that is not allowed',
      args: [...S3, '-e', 'PF_BASE_URL=https://a.example.com'],
      reason: /set ALLOW_HOSTS=/,
    },
    { what: 'no store', args: TARGET, reason: /--store says where pods leave their records/ },
    { what: 'S3 for k6', args: [...S3, ...TARGET, '--target', 'k6-operator'], reason: /k6 does not write to S3/ },
    {
      what: 'users on this machine',
      args: [...S3, ...TARGET, '-e', 'INVENTORY=/home/me/people.csv'],
      reason: /pods do not have this file/,
    },
    { what: 'a volume of another kind', args: [...S3, ...TARGET, '--mount', 'nfs:a=/b'], reason: /write secret:NAME=/ },
    {
      what: 'a name that no object can have',
      args: [...S3, ...TARGET, '--testid', 'Release_7'],
      reason: /small letters, digits and dashes/,
    },
  ];
  it.each(refused)('are refused for $what', async ({ args, reason }) => {
    await expect(deploy('load', '--pods', '2', ...args)).rejects.toThrow(reason);
  });

  it('are refused for capacity on k6-operator, and for a script that is too large for a config map', async () => {
    const claim = ['--store', 'pvc:samples'];
    await expect(deploy('capacity', '--pods', '2', ...claim, ...TARGET, '--target', 'k6-operator')).rejects.toThrow(
      /one level a Job/,
    );
    const large = scriptFile(
      emptyFolder(),
      'large.js',
      `exports.default = async () => undefined; // ${'x'.repeat(900_000)}`,
    );
    await expect(deploy(large, '--pods', '2', ...claim)).rejects.toThrow(
      /is 900\d{3} bytes bundled, and a config map holds 900000/,
    );
    await expect(deploy(large, '--pods', '2', ...claim, '-e', 'MY_TOKEN=x')).rejects.toThrow(
      /MY_TOKEN: it may hold a secret/,
    );
  });
});

describe('A look at manifests without a cluster', () => {
  const edited = async (file: string, edit: (text: string) => string): Promise<readonly string[]> => {
    const { out } = await deploy('load', '--pods', '8', ...S3, ...TARGET);
    const path = join(out, file);
    const text = readFileSync(path, 'utf8');
    expect(edit(text)).not.toBe(text);
    writeFileSync(path, edit(text));
    return checkManifests(out).faults;
  };

  it('names a misspelt field, one of the wrong type, and one that is missing', async () => {
    expect(await edited('20-job.yaml', (text) => text.replace('completions:', 'completionz:'))).toContain(
      '20-job.yaml: spec.completionz: there is no such field (did you mean completions?)',
    );
    expect(
      await edited('20-job.yaml', (text) => text.replace(/backoffLimitPerIndex: 0/, 'backoffLimitPerIndex: none')),
    ).toEqual(['20-job.yaml: spec.backoffLimitPerIndex must be integer']);
    expect(
      await edited('20-job.yaml', (text) =>
        text.replace('        - name: pairstorm\n          image', '        - image'),
      ),
    ).toContain('20-job.yaml: spec.template.spec.containers[0].name is missing');
    expect(await edited('30-merge.yaml', (text) => text.replace('kind: Job', 'kind: Jobb'))).toMatchObject(
      [/^30-merge\.yaml: batch\/v1 Jobb is not known to --check \(did you mean batch\/v1 Job\?\)/].map(
        (pattern) => expect.stringMatching(pattern) as string,
      ),
    );
    expect(await edited('30-merge.yaml', (text) => `${text}\n: [`)).toMatchObject([
      expect.stringContaining('not YAML'),
    ]);
  });

  it('names parts that do not fit the pods or the merge, and a secret in plain text', async () => {
    expect(await edited('20-job.yaml', (text) => text.replace('completions: 8', 'completions: 7'))).toEqual([
      '20-job.yaml: the run is cut into 8 parts, but completions or parallelism is 7',
    ]);
    expect(await edited('30-merge.yaml', (text) => text.replace(/--parts\n(\s*)- "8"/, '--parts\n$1- "7"'))).toEqual([
      '20-job.yaml: the run is cut into 8 parts, but the merge waits for 7',
    ]);
    const secret = '            - name: PF_CLIENT_SECRET\n              value: x\n';
    expect(await edited('20-job.yaml', (text) => text.replace(/( +env:\n)/, `$1${secret}`))).toEqual([
      '20-job.yaml: env PF_CLIENT_SECRET has its value in plain text; put it into the Secret (envFrom)',
    ]);
  });

  it('names a config map over its limit', async () => {
    const out = emptyFolder();
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { a: 'x'.repeat(900_001) } };
    writeFileSync(join(out, 'map.yaml'), JSON.stringify(map));
    expect(checkManifests(out).faults).toEqual(['map.yaml: data has 900001 bytes; a config map holds 900000']);
  });
});
