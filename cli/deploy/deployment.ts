import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Script } from '../script.ts';

/** Where pods find what they need beside the image. */
export type MountKind = 'secret' | 'configmap' | 'pvc';

/** A volume of the cluster in the pods, read-only. */
export interface Mount {
  readonly kind: MountKind;
  readonly name: string;
  readonly path: string;
}

/** Where the parts put their records: a volume claim that several nodes can write, or S3. */
export type StoreOfPods = { readonly pvc: string } | { readonly s3: string };

/** What is deployed, all of it looked at. */
export interface Deployment {
  readonly script: Script;
  /** Undefined for a script of one's own. */
  readonly settings: Settings | undefined;
  /** Settings without secrets, by name. */
  readonly env: Readonly<Record<string, string>>;
  readonly pods: number;
  readonly testid: string;
  /** Unix, in milliseconds. */
  readonly startAtMs: number;
  /** From the making of the manifests to the planned end of the load. */
  readonly wholeMs: number;
  readonly image: string;
  readonly k6Image: string | undefined;
  readonly namespace: string | undefined;
  /** Secret with the environment of the pods. */
  readonly secret: string;
  readonly store: StoreOfPods;
  /** Where the S3 store is: AWS's variables without the keys. */
  readonly storeEnv: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  readonly cpu: string;
  readonly memory: string;
  /** Addresses that pods may reach where a host name says none. */
  readonly egress: readonly string[];
  /** Users that pods make before the run; undefined: those of the image, or given ones. */
  readonly users: { readonly count: number; readonly seed: number; readonly population: string } | undefined;
}

/** A Kubernetes object, as it is written. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Name of what belongs to a run. */
export const nameOf = ({ script, testid }: Pick<Deployment, 'script' | 'testid'>): string =>
  `pairstorm-${script.name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 12)}-${testid}`;

/** Name, namespace and labels of an object. */
export function metadata(deployment: Deployment, part: 'load' | 'merge', name = nameOf(deployment)): Manifest {
  const { namespace, testid } = deployment;
  return {
    name,
    ...(namespace === undefined ? {} : { namespace }),
    labels: labels(testid, part),
  };
}

export function labels(testid: string, part: 'load' | 'merge'): Readonly<Record<string, string>> {
  return {
    'app.kubernetes.io/name': 'pairstorm',
    'app.kubernetes.io/component': part,
    'pairstorm.dev/testid': testid,
  };
}

/** The part of a name that all objects of a run share: pods add an index and five letters to it, within 63 in all. */
const TESTID = /^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$/;

/** Throws a ConfigurationError. */
export function testidOfPods(text: string): string {
  if (!TESTID.test(text))
    throw new ConfigurationError(
      `--testid is ${JSON.stringify(text)}; write small letters, digits and dashes, at most 24: it is part of the names in the cluster`,
    );
  return text;
}
