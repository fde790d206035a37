import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { readInventoryFile } from '../../cli/read-inventory.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { emptyFolder, pairstorm } from '../cli/command.ts';
import { noControlPlane, startControlPlane } from './control-plane.ts';
import type { ControlPlane, Json } from './control-plane.ts';
import { INVENTORY, countsOf, recordIn } from './played-parts.ts';
import { startKubelet } from './process-kubelet.ts';

const ASKED = process.env['KUBERNETES'] !== undefined;
const lacking = ASKED ? noControlPlane() : 'left to npm run check:k8s';
if (lacking !== undefined) console.warn(`no real Kubernetes: ${lacking}`);

/** Four processes prepare, on a machine that has a control plane to run, too. */
const PREPARE_S = Number(process.env['PREPARE_MS'] ?? 60_000) / 1_000;
const TARGET = ['-e', 'PF_BASE_URL=http://simulator:9031', '-e', 'ALLOW_HOSTS=simulator'];
const LOAD = ['-e', 'RATE=4', '-e', 'RAMP=0s', '-e', 'DURATION=10s', '-e', 'TIME_SCALE=0.2'];

describe.skipIf(lacking !== undefined)('On a real API server and Job controller', () => {
  let plane: ControlPlane;
  beforeAll(async () => {
    plane = await startControlPlane();
  }, 320_000);
  afterAll(() => plane.stop());

  /** Manifests of `deploy k8s`, by file. */
  const manifests = async (...args: readonly string[]): Promise<Readonly<Record<string, Json>>> => {
    const out = emptyFolder();
    const { code, stderr } = await pairstorm(out, [
      'deploy',
      'k8s',
      'load',
      ...TARGET,
      ...LOAD,
      ...args,
      '--check',
      '--out',
      out,
    ]);
    expect(code, stderr).toBe(0);
    return Object.fromEntries(
      readdirSync(out).map((file) => [file, parse(readFileSync(join(out, file), 'utf8')) as Json]),
    );
  };
  const pathOf = ({ apiVersion, kind }: Json): string => {
    const api = apiVersion === 'v1' ? '/api/v1' : `/apis/${String(apiVersion)}`;
    const kinds = String(kind).toLowerCase();
    return `${api}/namespaces/default/${kinds.endsWith('y') ? `${kinds.slice(0, -1)}ies` : `${kinds}s`}`;
  };
  const create = (object: Json, query = ''): Promise<{ status: number; object: Json }> =>
    plane.ask('POST', `${pathOf(object)}?fieldValidation=Strict${query}`, object);
  /** Waits until a Job has ended: `Complete` or `Failed`, and why. */
  const ended = async (name: string): Promise<{ readonly type: string; readonly reason: string }> => {
    for (;;) {
      const { object } = await plane.ask('GET', `/apis/batch/v1/namespaces/default/jobs/${name}`);
      const { conditions = [] } = (object['status'] ?? {}) as { conditions?: { type: string; reason: string }[] };
      const last = conditions.find(({ type }) => type === 'Complete' || type === 'Failed');
      if (last !== undefined) return last;
      await delay(500);
    }
  };

  it('the server takes every manifest, field by field, and refuses a misspelt one as --check does', async () => {
    const crd = testRunDefinition();
    expect((await plane.ask('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd)).status).toBe(201);
    const job = await manifests('--pods', '4', '--store', 'pvc:records');
    const k6 = await manifests('--pods', '4', '--store', 'pvc:records', '--target', 'k6-operator');
    for (const [file, object] of [...Object.entries(job), ...Object.entries(k6)]) {
      // The server offers a new kind some moments after it was told of it.
      let answer = await create(object, '&dryRun=All');
      for (let tries = 0; answer.status === 404 && tries < 60; tries++) {
        await delay(500);
        answer = await create(object, '&dryRun=All');
      }
      expect(answer.status, `${file}: ${stringify(answer.object)}`).toBe(201);
    }
    const misspelt = { ...job['20-job.yaml']!, spec: { ...(job['20-job.yaml']!['spec'] as Json), completionz: 4 } };
    const { status, object } = await create(misspelt, '&dryRun=All');
    expect(status).toBe(400);
    expect(String(object['message'])).toContain('unknown field "spec.completionz"');
  }, 300_000);

  it('the Job controller plays four parts and the merge, with processes as pods', async () => {
    const inventory = readInventoryFile(INVENTORY);
    const simulator = await startSimulator({ inventory, port: 0, latency: 'off', workers: 0, timeScale: 0.2 });
    const folder = emptyFolder();
    const kubelet = startKubelet(plane, folder, { 'http://simulator:9031': simulator.url });
    try {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'pairstorm' } };
      await create({ ...secret, stringData: { PF_CLIENT_SECRET: 'pairstorm-secret' } });
      const start = ['--start-at', `+${PREPARE_S}s`, '--testid', 'r1'];
      const objects = await manifests('--pods', '4', '--store', 'pvc:records', ...start);
      for (const object of Object.values(objects)) expect((await create(object)).status).toBe(201);
      const load = await ended('pairstorm-load-r1');
      expect(load, [...kubelet.said.values()].join('\n')).toMatchObject({
        type: 'Complete',
        reason: 'CompletionsReached',
      });
      const merge = await ended('pairstorm-load-r1-merge');
      const { run } = recordIn(join(folder, 'store', 'merged'));
      // On a busy machine the whole may fail: then so must the Job of the merge.
      expect(merge.type).toBe(run.end!.exitCode === 0 ? 'Complete' : 'Failed');
      expect(run.machines).toHaveLength(4);
      expect(run.end!.iterations.started).toBe((await countsOf(simulator.url)).starts);
      console.warn(
        `Jobs: ${load.type} (${load.reason}), merge ${merge.type}; ${run.end!.verdict}, ${run.end!.iterations.started} flows`,
      );
    } finally {
      kubelet.stop();
      await simulator.close();
    }
  }, 600_000);

  it('a part that is late ends the Job of all', async () => {
    const folder = emptyFolder();
    const kubelet = startKubelet(plane, folder, { 'http://simulator:9031': 'http://127.0.0.1:9' });
    try {
      const objects = await manifests('--pods', '2', '--store', 'pvc:records', '--start-at', '+0s', '--testid', 'r2');
      await delay(1_500);
      await create(objects['20-job.yaml']!);
      expect(await ended('pairstorm-load-r2')).toMatchObject({ type: 'Failed', reason: 'PodFailurePolicy' });
    } finally {
      kubelet.stop();
    }
  }, 300_000);
});

/** The custom resource of k6-operator, by deploy/kubernetes/schemas.json: without references, as a definition must be. */
function testRunDefinition(): Json {
  const { $defs } = JSON.parse(readFileSync('deploy/kubernetes/schemas.json', 'utf8')) as {
    readonly $defs: Readonly<Record<string, Json>>;
  };
  const structural = (schema: Json): Json => {
    const { $ref, anyOf, properties, items, additionalProperties, ...rest } = schema as Json & { $ref?: string };
    if ($ref !== undefined) return structural($defs[$ref.slice('#/$defs/'.length)]!);
    if (anyOf !== undefined) return { 'x-kubernetes-int-or-string': true };
    if (properties === undefined && items === undefined && typeof additionalProperties !== 'object')
      return { ...rest, ...(rest['type'] === undefined || rest['type'] === 'object' ? OPEN : {}) };
    const each = Object.entries((properties ?? {}) as Readonly<Record<string, Json>>);
    return {
      ...rest,
      ...(properties === undefined
        ? {}
        : { properties: Object.fromEntries(each.map(([name, one]) => [name, structural(one)])) }),
      ...(items === undefined ? {} : { items: structural(items as Json) }),
      ...(typeof additionalProperties === 'object'
        ? { additionalProperties: structural(additionalProperties as Json) }
        : {}),
    };
  };
  const { properties } = $defs['k6.v1alpha1.TestRun'] as { readonly properties: Readonly<Record<string, Json>> };
  const openAPIV3Schema = { type: 'object', properties: { spec: structural(properties['spec']!) } };
  const names = { kind: 'TestRun', listKind: 'TestRunList', plural: 'testruns', singular: 'testrun' };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'testruns.k6.io' },
    spec: {
      ...{ group: 'k6.io', scope: 'Namespaced', names },
      versions: [{ name: 'v1alpha1', served: true, storage: true, schema: { openAPIV3Schema } }],
    },
  };
}

/** Anything goes. */
const OPEN = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
