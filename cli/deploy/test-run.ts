import { metadata, nameOf } from './deployment.ts';
import type { Deployment, Manifest } from './deployment.ts';
import {
  CONTAINER_HARDENING,
  POD_HARDENING,
  STORE_FOLDER,
  environment,
  resources,
  usersContainer,
  volumes,
} from './pods.ts';

/** The load on k6, as a TestRun of k6-operator: it cuts the run, and starts the parts together. */
export function testRun(deployment: Deployment): Manifest {
  const { script, pods, testid, k6Image } = deployment;
  const mounted = volumes(deployment);
  const { securityContext } = POD_HARDENING;
  const hardened = {
    automountServiceAccountToken: 'false',
    securityContext,
    containerSecurityContext: CONTAINER_HARDENING,
  };
  return {
    apiVersion: 'k6.io/v1alpha1',
    kind: 'TestRun',
    metadata: metadata(deployment, 'load'),
    spec: {
      parallelism: pods,
      // A node each: on a common one they compete, and the run is invalid, not slow.
      separate: true,
      quiet: 'false',
      script: { configMap: { name: nameOf(deployment), file: `${script.name}.js` } },
      arguments: `--tag testid=${testid} --out json=${STORE_FOLDER}/${testid}-$(POD_NAME).json.gz --no-usage-report`,
      runner: {
        ...(k6Image === undefined ? {} : { image: k6Image }),
        ...hardened,
        metadata: { labels: { 'pairstorm.dev/testid': testid } },
        env: [
          { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
          ...(environment(deployment)['env'] as readonly Manifest[]),
        ],
        envFrom: environment(deployment)['envFrom'],
        resources: resources(deployment),
        initContainers: usersContainer(deployment, mounted.volumeMounts),
        ...mounted,
      },
      starter: hardened,
    },
  };
}
