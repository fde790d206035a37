import { join } from 'node:path';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { isLoopback, hostOf, targetOf } from '../../lib/target.ts';
import { SETTINGS } from '../../lib/settings.ts';
import type { Settings } from '../../lib/settings.ts';
import { mayHoldAKey } from '../child-environment.ts';
import { settingsOfScenario } from '../banner.ts';
import { usersOfRun } from '../enough-users.ts';
import { DIST, VERSION } from '../package.ts';
import { planLengthMs } from '../planned-load.ts';
import { readInventoryFile } from '../read-inventory.ts';
import { givenIn, scriptEnvironment } from '../script-environment.ts';
import { findScript } from '../script.ts';
import type { Script } from '../script.ts';
import { readS3Place } from '../store/s3-store.ts';
import { testidOfPods } from './deployment.ts';
import type { Deployment, Mount, StoreOfPods } from './deployment.ts';
import { USERS_FILE } from './pods.ts';

/** Flags of `deploy k8s`. */
export interface DeployFlags {
  readonly pods?: number;
  readonly target: 'job' | 'k6-operator';
  readonly out: string;
  readonly env?: readonly string[];
  readonly image?: string;
  readonly k6Image?: string;
  readonly namespace?: string;
  readonly store?: string;
  readonly testid?: string;
  /** Unix, in milliseconds. */
  readonly startAt?: number;
  readonly secret: string;
  readonly mount?: readonly string[];
  readonly cpu: string;
  readonly memory: string;
  readonly egress?: readonly string[];
  readonly check?: true;
}

/** Time to apply the manifests, to pull the image, and to prepare. */
const START_IN_MS = 300_000;
/** Of a script whose plan is not known. */
const UNKNOWN_PLAN_MS = 86_400_000;

/** AWS's variables that say where a store is. */
const STORE_VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL'];

/** Looks at everything that a deployment needs. Throws a ConfigurationError. */
export function planDeployment(nameOrFile: string, flags: DeployFlags, now = Date.now()): Deployment {
  const script = findScript(nameOrFile);
  const { pods } = flags;
  if (pods === undefined)
    throw new ConfigurationError('--pods is missing; write the number of parts, such as --pods 8');
  if (flags.target === 'k6-operator' && script.name === 'capacity' && script.builtIn)
    throw new ConfigurationError(
      'capacity cannot be cut by k6-operator: each part would end its search on its own; write --target job, one level a Job (docs/scale-out.md)',
    );
  const store = storeOf(flags);
  const mounts = (flags.mount ?? []).map(mountOf);
  const env = settingsFor(script, flags.env ?? []);
  const settings = settingsOfScenario(script, { ...secretsHere(), ...env });
  if (settings !== undefined) checkTarget(settings, env, mounts);
  const users = settings === undefined || env['INVENTORY'] !== undefined ? undefined : usersFor(settings, flags.target);
  const startAtMs = flags.startAt ?? Math.ceil((now + START_IN_MS) / 1_000) * 1_000;
  const planMs = settings === undefined ? UNKNOWN_PLAN_MS : planLengthMs(settings);
  return {
    script,
    settings,
    env: users === undefined ? env : { ...env, INVENTORY: USERS_FILE },
    pods,
    testid: testidOfPods(flags.testid ?? new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '').toLowerCase()),
    startAtMs,
    wholeMs: startAtMs - now + planMs,
    image: flags.image ?? `pairstorm:${VERSION}`,
    k6Image: flags.k6Image,
    namespace: flags.namespace,
    secret: flags.secret,
    store,
    storeEnv: 's3' in store ? given(STORE_VARIABLES) : {},
    mounts,
    cpu: flags.cpu,
    memory: flags.memory,
    egress: flags.egress ?? [],
    users,
  };
}

function given(names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = givenIn(process.env, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Secrets of this command's environment, by which settings are checked; they go nowhere. */
const secretsHere = (): Readonly<Record<string, string>> =>
  given([...SETTINGS.values()].filter(({ parse }) => parse.type === 'secret').map(({ name }) => name));

/** The settings for the manifests: only what was given by `-e`, since the environment here may hold anything. */
function settingsFor(script: Script, pairs: readonly string[]): Readonly<Record<string, string>> {
  const env = scriptEnvironment(script, pairs, {});
  for (const [name, value] of Object.entries(env)) {
    if (mayHoldAKey(name) || (!script.builtIn && /SECRET|PASSWORD|TOKEN|KEY|CREDENTIAL/i.test(name)))
      throw new ConfigurationError(
        `-e ${name}: it may hold a secret, and a manifest is no place for one; put it into the Secret (--secret)`,
      );
    if (/^[a-z]+:\/\/[^/]*@/i.test(value))
      throw new ConfigurationError(`-e ${name} has a password in it; a manifest is no place for one`);
  }
  return env;
}

/** Pods must be able to reach the target, and to read what settings name. */
function checkTarget(settings: Settings, env: Readonly<Record<string, string>>, mounts: readonly Mount[]): void {
  const host = hostOf(env['PF_BASE_URL'] ?? '');
  if (host === undefined || isLoopback(host))
    throw new ConfigurationError(
      `-e PF_BASE_URL=… is ${host ?? 'missing'}; pods need a target that all of them reach, such as a service of the cluster`,
    );
  targetOf(settings);
  for (const { name, parse } of SETTINGS.values()) {
    const value = env[name] ?? '';
    const isFile = parse.type === 'path' || (parse.fileEnding !== undefined && value.endsWith(parse.fileEnding));
    if (value === '' || !isFile || mounts.some(({ path }) => value.startsWith(`${path}/`))) continue;
    throw new ConfigurationError(
      `-e ${name}=${value}: pods do not have this file; mount a volume that has it, such as --mount secret:NAME=/data, and write -e ${name}=/data/…`,
    );
  }
}

/** The users that pods must make; undefined: those of the image are enough. k6's image has none. */
function usersFor(settings: Settings, target: DeployFlags['target']): Deployment['users'] {
  const inventory = readInventoryFile(join(DIST, 'inventory.json'));
  const { seed, population } = inventory;
  const needed = usersOfRun(settings, inventory);
  if (population === undefined || (target === 'job' && needed <= inventory.users.length)) return undefined;
  return { count: Math.max(needed, inventory.users.length), seed, population };
}

/** A name in Kubernetes (RFC 1123). */
const NAME = /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/;

function storeOf({ store = '', target }: DeployFlags): StoreOfPods {
  const [, claim] = /^pvc:(.*)$/.exec(store) ?? [];
  if (claim !== undefined && NAME.test(claim)) return { pvc: claim };
  if (store.startsWith('s3://') && target === 'job') {
    readS3Place(store, '--store');
    return { s3: store };
  }
  throw new ConfigurationError(
    target === 'job'
      ? '--store says where pods leave their records: write pvc:NAME, a claim that all nodes can write, or s3://bucket/prefix'
      : '--store says where k6 leaves its samples: write pvc:NAME, a claim that all nodes can write (k6 does not write to S3)',
  );
}

function mountOf(text: string): Mount {
  const [, kind, name = '', path = ''] = /^(secret|configmap|pvc):([^=]*)=(\/[\w./-]+)$/.exec(text) ?? [];
  if (kind === undefined || !NAME.test(name) || path.endsWith('/'))
    throw new ConfigurationError(`--mount is ${text}; write secret:NAME=/path, configmap:NAME=/path or pvc:NAME=/path`);
  return { kind: kind as Mount['kind'], name, path };
}
