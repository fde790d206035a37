import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import type { Command } from 'commander';
import { EXIT_CODES } from '../catalogue/exit-codes.ts';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { describeFileError, replaceFile } from '../record/text-file.ts';
import { shellWord } from './as-started.ts';
import type { Deployment, Manifest } from './deploy/deployment.ts';
import { nameOf } from './deploy/deployment.ts';
import { planDeployment } from './deploy/plan-deployment.ts';
import type { DeployFlags } from './deploy/plan-deployment.ts';
import { collected, wholeNumber } from './flag-values.ts';
import { oneLine } from './one-line.ts';
import { MOST_PARTS, startTime } from './part/part-flags.ts';
import { print } from './stdout.ts';

/** Flags and help of `pairstorm deploy`. */
export function define(command: Command): void {
  command
    .argument('<platform>', 'k8s: Kubernetes')
    .argument('[name|file]', 'a scenario, or a script; may be left out with --check')
    .requiredOption('--out <dir>', 'folder for the manifests; those of an earlier call are replaced')
    .option('--pods <n>', 'number of parts, a pod each', wholeNumber(1, MOST_PARTS))
    .addOption(
      new Option('--target <kind>', 'job: the embedded engine, as an Indexed Job; k6-operator: your k6, as a TestRun')
        .choices(['job', 'k6-operator'])
        .default('job'),
    )
    .option('--store <place>', 'where pods leave their records: pvc:NAME or s3://bucket/prefix')
    .option('-e, --env <name=value>', 'a setting; repeatable; secrets belong into the Secret', collected)
    .option(
      '--secret <name>',
      'Secret with the environment of the pods: secret settings, keys of the store',
      'pairstorm',
    )
    .option('--mount <kind:name=path>', 'a volume in the pods: secret, configmap or pvc; repeatable', collected)
    .option('--image <image>', 'image of Pairstorm (default: pairstorm:<version>; deploy/Dockerfile builds it)')
    .option('--k6-image <image>', 'k6-operator: image of k6 (default: that of the operator)')
    .option('--namespace <name>', 'namespace of all objects (default: that of kubectl)')
    .option('--testid <id>', 'name of the run, part of all names (default: the time)')
    .option('--start-at <time>', 'when all parts start (default: +5m)', startTime)
    .option('--cpu <quantity>', 'cores that a pod asks for', '2')
    .option('--memory <quantity>', 'memory of a pod', '2Gi')
    .option(
      '--egress <cidr>',
      'addresses that pods may reach besides DNS, if the target is a name; repeatable',
      collected,
    )
    .option('--check', "validate the manifests by Kubernetes' own schemas, without a cluster")
    .addHelpText(
      'after',
      `
Writes manifests that play a scenario in parts on a cluster, start them at one
moment, and judge the whole; applies nothing. No secret is written: pods take
their secrets from the Secret that --secret names. With --check and no scenario,
the manifests in --out are only validated, as you have edited them.

Examples:
  pairstorm deploy k8s load --pods 8 --out k8s --store s3://bucket/load -e RATE=200 -e PF_BASE_URL=https://sso.staging.example.com -e ALLOW_HOSTS=sso.staging.example.com
  pairstorm deploy k8s load --pods 8 --target k6-operator --out k8s --store pvc:samples -e …
  pairstorm deploy k8s --check --out k8s`,
    )
    .action(async (platform: string, nameOrFile: string | undefined, flags: DeployFlags) => {
      if (platform !== 'k8s') throw new ConfigurationError(`deploy ${platform}: no such platform; write deploy k8s`);
      if (nameOrFile === undefined && flags.check !== true)
        throw new ConfigurationError('nothing to deploy; name a scenario: pairstorm deploy k8s load --pods 8 …');
      const deployment = nameOrFile === undefined ? undefined : planDeployment(nameOrFile, flags);
      const written = deployment === undefined ? [] : await write(deployment, flags);
      process.exitCode = flags.check === true ? await check(flags.out) : EXIT_CODES.pass.code;
      if (deployment !== undefined && process.exitCode === EXIT_CODES.pass.code)
        print(`${[...written, ...nextSteps(deployment, flags)].join('\n')}\n`);
    });
}

/** Names of the files that this command writes. */
const OWN_FILE = /^\d\d-(config-map|network-policy|job|merge|test-run)\.yaml$/;

/** Writes the manifests. Returns a line for each. */
async function write(deployment: Deployment, { out, target }: DeployFlags): Promise<readonly string[]> {
  const { stringify } = await import('yaml');
  const manifests = await manifestsOf(deployment, target);
  try {
    mkdirSync(out, { recursive: true });
    for (const name of readdirSync(out)) if (OWN_FILE.test(name)) rmSync(join(out, name));
    return Object.entries(manifests).map(([name, manifest]) => {
      const file = join(out, name);
      replaceFile(file, stringify(manifest, { aliasDuplicateObjects: false, lineWidth: 0 }));
      return `${file}: ${String(manifest['kind'])}`;
    });
  } catch (error) {
    throw new ConfigurationError(`--out ${out}: ${describeFileError(error)}`);
  }
}

async function manifestsOf(
  deployment: Deployment,
  target: DeployFlags['target'],
): Promise<Readonly<Record<string, Manifest>>> {
  const { script, storeEnv } = deployment;
  const { scriptMap } = await import('./deploy/config-map.ts');
  const { networkPolicy } = await import('./deploy/network-policy.ts');
  const { SCRIPT_FILE, loadJob, mergeJob } = await import('./deploy/job.ts');
  const { testRun } = await import('./deploy/test-run.ts');
  const code = async (): Promise<string> => {
    const { readScriptSource } = await import('../engine/script-source.ts');
    return (await readScriptSource(script.path)).code;
  };
  const endpoint = storeEnv['AWS_ENDPOINT_URL_S3'] ?? storeEnv['AWS_ENDPOINT_URL'];
  const policy = { '10-network-policy.yaml': networkPolicy(deployment, endpoint) };
  if (target === 'k6-operator')
    return {
      '00-config-map.yaml': scriptMap(deployment, `${script.name}.js`, await code()),
      ...policy,
      '20-test-run.yaml': testRun(deployment),
    };
  return {
    ...(script.builtIn ? {} : { '00-config-map.yaml': scriptMap(deployment, SCRIPT_FILE, await code()) }),
    ...policy,
    '20-job.yaml': loadJob(deployment),
    '30-merge.yaml': mergeJob(deployment),
  };
}

async function check(folder: string): Promise<number> {
  const { checkManifests } = await import('./deploy/check-manifests.ts');
  const { files, faults } = checkManifests(folder);
  for (const fault of faults) process.stderr.write(`error: ${oneLine(fault)}\n`);
  if (faults.length > 0) return EXIT_CODES.invalid_configuration.code;
  print(`${files} files of ${folder} are valid\n`);
  return EXIT_CODES.pass.code;
}

/** What is to be done with the manifests, as commands. */
function nextSteps(deployment: Deployment, { out, target }: DeployFlags): readonly string[] {
  const { secret, store, startAtMs, pods, testid, namespace } = deployment;
  const inNamespace = namespace === undefined ? '' : ` --namespace ${namespace}`;
  const place = 's3' in store ? store.s3 : `<the folder of ${store.pvc}>`;
  const steps = [
    ['', 'secrets, one NAME=VALUE a line in a file that stays here:'],
    [`kubectl create secret generic ${secret} --from-env-file=secrets.env${inNamespace}`],
    target === 'job'
      ? [`kubectl apply -f ${shellWord(out)}   # before ${new Date(startAtMs).toISOString()}, when all parts start`]
      : [`kubectl apply -f ${shellWord(out)}`],
    target === 'job'
      ? [
          `kubectl logs --follow --pod-running-timeout=10m job/${nameOf(deployment)}-merge${inNamespace}   # until it ends`,
          `kubectl wait --for=condition=complete --timeout=30s job/${nameOf(deployment)}-merge${inNamespace}   # the verdict, as an exit code`,
          `pairstorm merge --parts ${pods} --pull ${place} --testid ${testid}   # the record and its report, here`,
        ]
      : [
          'pairstorm import FILE --instance POD   # of each sample file, then pairstorm merge --gate (docs/scale-out.md)',
        ],
  ];
  return steps.flat();
}
