import type { Deployment, Manifest } from './deployment.ts';

/** Folders that a pod may write; everything else is read-only. */
const WRITABLE = { results: '/results', tmp: '/tmp' } as const;

/** Where a volume claim is mounted that holds the records of all parts. */
export const STORE_FOLDER = '/store';

/** Where pods that make their own users put them. */
export const USERS_FILE = '/users/inventory.json';

/** The user `node` of the image. */
const USER = 1000;

/** A pod of the restricted Pod Security Standard: no root, no rights, no token, a read-only root. */
export const POD_HARDENING = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    ...{ runAsUser: USER, runAsGroup: USER, fsGroup: USER },
    seccompProfile: { type: 'RuntimeDefault' },
  },
} as const;

export const CONTAINER_HARDENING = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** Environment of the containers: settings as they are, secrets by reference. */
export function environment({ env, storeEnv, secret, store }: Deployment): Manifest {
  return {
    env: Object.entries({ ...env, ...storeEnv }).map(([name, value]) => ({ name, value })),
    // Without a Secret pods start all the same, and say what they lack; with S3 they cannot do without.
    envFrom: [{ secretRef: { name: secret, optional: !('s3' in store) } }],
  };
}

/** Volumes and mounts of a pod. */
export function volumes({ mounts, store, users }: Deployment): {
  readonly volumes: readonly Manifest[];
  readonly volumeMounts: readonly Manifest[];
} {
  const given = mounts.map(({ kind, name, path }, at) => ({
    volume: { name: `given-${at}`, ...VOLUMES[kind](name) },
    mount: { name: `given-${at}`, mountPath: path, readOnly: true },
  }));
  const own = Object.entries({ ...WRITABLE, ...(users === undefined ? {} : { users: '/users' }) }).map(
    ([name, mountPath]) => ({ volume: { name, emptyDir: {} }, mount: { name, mountPath } }),
  );
  const shared =
    'pvc' in store
      ? [{ volume: { name: 'store', ...VOLUMES.pvc(store.pvc) }, mount: { name: 'store', mountPath: STORE_FOLDER } }]
      : [];
  const all = [...own, ...shared, ...given];
  return { volumes: all.map(({ volume }) => volume), volumeMounts: all.map(({ mount }) => mount) };
}

const VOLUMES = {
  secret: (name: string): Manifest => ({ secret: { secretName: name } }),
  configmap: (name: string): Manifest => ({ configMap: { name } }),
  pvc: (name: string): Manifest => ({ persistentVolumeClaim: { claimName: name } }),
};

/** No limit on CPU: a throttled generator looks like a slow target. */
export function resources({ cpu, memory }: Pick<Deployment, 'cpu' | 'memory'>): Manifest {
  return { requests: { cpu, memory }, limits: { memory } };
}

/** Makes the users of the run, the same in all pods: the seed says which. */
export function usersContainer({ users, image }: Deployment, volumeMounts: readonly Manifest[]): readonly Manifest[] {
  if (users === undefined) return [];
  const { count, seed, population } = users;
  const args = ['inventory', '--out', USERS_FILE, '--users', String(count), '--seed', String(seed)];
  return [
    {
      name: 'users',
      image,
      args: [...args, '--population', population, '--quiet'],
      resources: { requests: { cpu: '1', memory: '1Gi' }, limits: { memory: '1Gi' } },
      volumeMounts,
    },
  ];
}
