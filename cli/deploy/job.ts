import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { labels, metadata, nameOf } from './deployment.ts';
import type { Deployment, Manifest, StoreOfPods } from './deployment.ts';
import {
  CONTAINER_HARDENING,
  POD_HARDENING,
  STORE_FOLDER,
  environment,
  resources,
  usersContainer,
  volumes,
} from './pods.ts';

/** Where a script of one's own is mounted. */
const SCRIPTS = '/scripts';

/** Flows end, and the record is copied, after the planned end; a pod that is told to stop has as long. */
const ENDING_MS = 180_000;
/** Time for what may go wrong, until the cluster ends a Job. */
const SPARE_MS = 600_000;
/** How long the merge waits after the planned end. */
const WAIT_MS = 300_000;

/** Codes on which no part is of use any more: this one made no load, so the others stop, too. */
const HOPELESS = [EXIT_CODES.invalid_configuration.code, EXIT_CODES.script_exception.code];

/** Codes of a verdict on a part, which are for the merge to judge. */
const LEFT_TO_MERGE = [EXIT_CODES.thresholds_failed.code, EXIT_CODES.invalid.code];

const placeOf = (store: StoreOfPods): string => ('s3' in store ? store.s3 : STORE_FOLDER);

/** The load, as an Indexed Job: pod I plays part I of N. */
export function loadJob(deployment: Deployment): Manifest {
  const { script, pods, startAtMs, testid, image, wholeMs } = deployment;
  const mounted = volumes(deployment);
  const own = script.builtIn ? [] : [{ name: 'scripts', configMap: { name: nameOf(deployment) } }];
  const volumeMounts = [
    ...mounted.volumeMounts,
    ...own.map(({ name }) => ({ name, mountPath: SCRIPTS, readOnly: true })),
  ];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(deployment, 'load'),
    spec: {
      completionMode: 'Indexed',
      ...{ completions: pods, parallelism: pods },
      // A part that is played again would be late; a part that dies must not end the others, whose records count.
      backoffLimitPerIndex: 0,
      podFailurePolicy: {
        rules: [{ action: 'FailJob', onExitCodes: { containerName: 'pairstorm', operator: 'In', values: HOPELESS } }],
      },
      podReplacementPolicy: 'Failed',
      activeDeadlineSeconds: seconds(wholeMs + ENDING_MS + SPARE_MS),
      template: {
        metadata: { labels: labels(testid, 'load') },
        spec: {
          restartPolicy: 'Never',
          ...POD_HARDENING,
          terminationGracePeriodSeconds: seconds(ENDING_MS),
          // Parts on one node would compete for its cores and ports.
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'kubernetes.io/hostname',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: labels(testid, 'load') },
            },
          ],
          initContainers: usersContainer(deployment, volumeMounts).map((one) => ({
            ...one,
            securityContext: CONTAINER_HARDENING,
          })),
          containers: [
            {
              name: 'pairstorm',
              image,
              args: [
                ...['run', script.builtIn ? script.name : `${SCRIPTS}/${SCRIPT_FILE}`],
                ...['--part', `$(JOB_COMPLETION_INDEX)/${pods}`, '--start-at', new Date(startAtMs).toISOString()],
                ...['--tag', `testid=${testid}`, '--results', '/results', '--push', placeOf(deployment.store)],
                ...['--exit-zero-on', LEFT_TO_MERGE.join(',')],
              ],
              ...environment(deployment),
              resources: resources(deployment),
              securityContext: CONTAINER_HARDENING,
              // The last lines, which say why, are the pod's status.
              terminationMessagePolicy: 'FallbackToLogsOnError',
              volumeMounts,
            },
          ],
          volumes: [...mounted.volumes, ...own],
        },
      },
    },
  };
}

/** Name of a script of one's own in its config map. */
export const SCRIPT_FILE = 'script.js';

/** How long the merge may wait, from the making of the manifests. */
const mergeWaitMs = ({ wholeMs }: Pick<Deployment, 'wholeMs'>): number => wholeMs + ENDING_MS + WAIT_MS;

/** The verdict over all parts: its exit code is the pipeline's. */
export function mergeJob(deployment: Deployment): Manifest {
  const { pods, testid, image } = deployment;
  const mounted = volumes({ ...deployment, users: undefined, mounts: [] });
  const wait = mergeWaitMs(deployment);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(deployment, 'merge', `${nameOf(deployment)}-merge`),
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: seconds(wait + SPARE_MS),
      template: {
        metadata: { labels: labels(testid, 'merge') },
        spec: {
          restartPolicy: 'Never',
          ...POD_HARDENING,
          containers: [
            {
              name: 'merge',
              image,
              args: [
                ...['merge', '--parts', String(pods), '--pull', placeOf(deployment.store), '--testid', testid],
                ...['--wait', `${seconds(wait)}s`, '--gate', '--results', resultsOf(deployment.store)],
              ],
              ...environment({ ...deployment, env: {} }),
              resources: { requests: { cpu: '500m', memory: '512Mi' }, limits: { memory: '512Mi' } },
              securityContext: CONTAINER_HARDENING,
              terminationMessagePolicy: 'FallbackToLogsOnError',
              volumeMounts: mounted.volumeMounts,
            },
          ],
          volumes: mounted.volumes,
        },
      },
    },
  };
}

/** The merged record stays where the parts are; beside S3 it goes with the pod, and is made again from them anywhere. */
const resultsOf = (store: StoreOfPods): string => ('pvc' in store ? `${STORE_FOLDER}/merged` : '/results');

const seconds = (ms: number): number => Math.ceil(ms / 1_000);
