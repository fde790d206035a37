// Makes deploy/kubernetes/schemas.json, by which `pairstorm deploy k8s --check` validates without a cluster, from the OpenAPI
// files of the Kubernetes module that go.mod names (Apache-2.0): `go mod download k8s.io/kubernetes` first, then
//   node test/deploy/control-plane/make-schemas.mjs [FOLDER OF THE MODULE] > deploy/kubernetes/schemas.json
// Objects are closed, so that a misspelt field is an error; what only the server writes, and all prose, is left out.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const module =
  process.argv[2] ??
  execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', 'k8s.io/kubernetes'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
    env: { ...process.env, GOFLAGS: '-mod=mod' },
  }).trim();
const version = /@v([\d.]+)$/.exec(module)?.[1];

/** Kinds of files that `deploy k8s` writes, or that somebody may lay beside them. */
const KINDS = {
  'batch/v1 Job': ['apis__batch__v1', 'io.k8s.api.batch.v1.Job'],
  'v1 ConfigMap': ['api__v1', 'io.k8s.api.core.v1.ConfigMap'],
  'v1 PersistentVolumeClaim': ['api__v1', 'io.k8s.api.core.v1.PersistentVolumeClaim'],
  'networking.k8s.io/v1 NetworkPolicy': ['apis__networking.k8s.io__v1', 'io.k8s.api.networking.v1.NetworkPolicy'],
};

const LEFT_OUT = new Set(['status', 'managedFields', 'ownerReferences', 'selfLink', 'generation', 'uid']);
const shortName = (name) => name.replace(/^io\.k8s\.(api|apimachinery\.pkg)\./, '');

const known = {};
const specs = new Map();
const specOf = (file) => {
  if (!specs.has(file))
    specs.set(file, JSON.parse(readFileSync(join(module, 'api/openapi-spec/v3', `${file}_openapi.json`), 'utf8')));
  return specs.get(file).components.schemas;
};

/** A schema without prose; objects with known fields have no others. */
function bare(schema, all) {
  const { type, properties, items, required, additionalProperties, allOf, oneOf, $ref } = schema;
  const ref = $ref ?? (allOf?.length === 1 ? allOf[0].$ref : undefined);
  if (ref !== undefined) {
    const name = ref.slice('#/components/schemas/'.length);
    take(name, all);
    return { $ref: `#/$defs/${shortName(name)}` };
  }
  if (oneOf !== undefined) return { anyOf: oneOf.map((one) => bare(one, all)) };
  return {
    ...(type === undefined ? {} : { type }),
    ...(items === undefined ? {} : { items: bare(items, all) }),
    ...(required === undefined ? {} : { required }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: bare(additionalProperties, all) } : {}),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties)
              .filter(([name]) => !LEFT_OUT.has(name) || properties.items !== undefined)
              .map(([name, one]) => [name, bare(one, all)]),
          ),
          additionalProperties: false,
        }),
  };
}

function take(name, all) {
  if (known[shortName(name)] !== undefined) return;
  known[shortName(name)] = true;
  known[shortName(name)] = bare(all[name], all);
}

/** TestRun of k6-operator (Apache-2.0), by the fields of its api/v1alpha1/testrun_types.go; what is Kubernetes' own is taken from there. */
function takeTestRun() {
  const all = specOf('apis__batch__v1');
  const of = (name) => {
    take(`io.k8s.api.core.v1.${name}`, all);
    return { $ref: `#/$defs/core.v1.${name}` };
  };
  const list = (items) => ({ type: 'array', items });
  const [text, flag, texts] = [{ type: 'string' }, { type: 'boolean' }, list({ type: 'string' })];
  const map = { type: 'object', additionalProperties: text };
  const closed = (properties, required) => ({
    type: 'object',
    properties,
    ...(required === undefined ? {} : { required }),
    additionalProperties: false,
  });
  const container = {
    ...{ image: text, env: list(of('EnvVar')), envFrom: list(of('EnvFromSource')) },
    ...{ resources: of('ResourceRequirements'), volumeMounts: list(of('VolumeMount')) },
  };
  const init = { ...container, name: text, command: texts, args: texts, workingDir: text, restartPolicy: text };
  known['k6.v1alpha1.Pod'] = closed({
    ...container,
    ...{ disabled: flag, affinity: of('Affinity'), automountServiceAccountToken: text },
    ...{ imagePullSecrets: list(of('LocalObjectReference')), imagePullPolicy: text },
    metadata: closed({ annotations: map, labels: map }),
    ...{ nodeSelector: map, tolerations: list(of('Toleration')) },
    topologySpreadConstraints: list(of('TopologySpreadConstraint')),
    ...{ serviceAccountName: text, securityContext: of('PodSecurityContext') },
    containerSecurityContext: of('SecurityContext'),
    ...{ readinessProbe: of('Probe'), livenessProbe: of('Probe'), initContainers: list(closed(init)) },
    ...{ volumes: list(of('Volume')), priorityClassName: text, schedulerName: text },
  });
  const pod = { $ref: '#/$defs/k6.v1alpha1.Pod' };
  const script = closed({
    volumeClaim: closed({ name: text, file: text, readOnly: flag }, ['name']),
    configMap: closed({ name: text, file: text }, ['name']),
    localFile: text,
  });
  const spec = closed(
    {
      ...{ script, parallelism: { type: 'integer' }, separate: flag, arguments: text, args: texts },
      ...{ ports: list(of('ContainerPort')), initializer: pod, starter: pod, runner: pod, quiet: text, paused: text },
      ...{ scuttle: { type: 'object' }, cleanup: text, cloud: { type: 'object' }, testRunId: text, token: text },
    },
    ['script', 'parallelism'],
  );
  const metadata = { $ref: '#/$defs/apis.meta.v1.ObjectMeta' };
  known['k6.v1alpha1.TestRun'] = closed({ apiVersion: text, kind: text, metadata, spec }, ['spec']);
}

const kinds = Object.fromEntries(
  Object.entries(KINDS).map(([kind, [file, name]]) => {
    take(name, specOf(file));
    return [kind, shortName(name)];
  }),
);
takeTestRun();
kinds['k6.io/v1alpha1 TestRun'] = 'k6.v1alpha1.TestRun';
const $defs = Object.fromEntries(Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1)));
process.stdout.write(`${JSON.stringify({ source: `k8s.io/kubernetes v${version}, Apache-2.0`, kinds, $defs })}\n`);
