import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { start } from '../cli/command.ts';
import type { ControlPlane, Json } from './control-plane.ts';

/** As much of a pod as a kubelet needs here. */
interface Pod {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly nodeName?: string; readonly containers: readonly Container[] };
  readonly status: { readonly phase: string };
}
interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly envFrom?: readonly { readonly secretRef: { readonly name: string } }[];
}

const PODS = '/api/v1/namespaces/default/pods';

/** Plays pods as processes of this machine. */
export interface Kubelet {
  /** What each pod said, by name. */
  readonly said: ReadonlyMap<string, string>;
  readonly stop: () => void;
}

/**
 * A kubelet whose containers are processes: it binds pods to itself, starts the command with the environment that a real one
 * would give it (fields, Secrets), and reports the exit code. `folder` holds the volumes; `names` are what the cluster's DNS knows.
 */
export function startKubelet({ ask }: ControlPlane, folder: string, names: Readonly<Record<string, string>>): Kubelet {
  const said = new Map<string, string>();
  let stopped = false;
  const report = async (pod: Pod, phase: string, state: Json): Promise<void> => {
    const [{ name }] = pod.spec.containers as [Container];
    const status = {
      phase,
      containerStatuses: [{ name, state, ready: false, restartCount: 0, image: 'none', imageID: 'none' }],
    };
    await ask('PATCH', `${PODS}/${pod.metadata.name}/status`, { status }, 'application/merge-patch+json');
  };
  const play = async (pod: Pod): Promise<void> => {
    const { name } = pod.metadata;
    const target = { apiVersion: 'v1', kind: 'Node', name: 'this-machine' };
    await ask('POST', `${PODS}/${name}/binding`, { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target });
    const [container] = pod.spec.containers as [Container];
    const env = await environmentOf(pod, container);
    const known = (text: string): string =>
      Object.entries(names).reduce((whole, [from, to]) => whole.replaceAll(from, to), text);
    const args = container.args.map((word) =>
      known(word)
        .replace(/\$\((\w+)\)/g, (whole, variable: string) => env[variable] ?? whole)
        .replace(/^\/results$/, join(folder, name))
        .replace(/^\/store(?=$|\/)/, join(folder, 'store')),
    );
    mkdirSync(join(folder, name), { recursive: true });
    await report(pod, 'Running', { running: { startedAt: new Date().toISOString().replace(/\.\d+/, '') } });
    const values = Object.fromEntries(Object.entries(env).map(([variable, value]) => [variable, known(value)]));
    const { code, stderr } = await start(folder, args, values).ended;
    said.set(name, stderr);
    const terminated = { exitCode: code ?? 137, reason: code === 0 ? 'Completed' : 'Error' };
    await report(pod, code === 0 ? 'Succeeded' : 'Failed', { terminated });
  };
  const environmentOf = async (pod: Pod, { env = [], envFrom = [] }: Container): Promise<Record<string, string>> => {
    const values: Record<string, string> = {};
    for (const { secretRef } of envFrom) {
      const { object } = await ask('GET', `/api/v1/namespaces/default/secrets/${secretRef.name}`);
      for (const [name, value] of Object.entries((object['data'] ?? {}) as Readonly<Record<string, string>>))
        values[name] = Buffer.from(value, 'base64').toString('utf8');
    }
    const index = pod.metadata.labels['batch.kubernetes.io/job-completion-index'];
    for (const { name, value, valueFrom } of env)
      values[name] = valueFrom === undefined ? (value ?? '') : (index ?? '');
    return values;
  };
  const begun = new Set<string>();
  const isStopped = (): boolean => stopped;
  void (async () => {
    while (!isStopped()) {
      const object: Json = await ask('GET', PODS).then(
        (answer) => answer.object,
        () => ({}),
      );
      for (const pod of (object['items'] ?? []) as readonly Pod[]) {
        if (pod.status.phase !== 'Pending' || begun.has(pod.metadata.name)) continue;
        begun.add(pod.metadata.name);
        void play(pod).catch((error: unknown) => said.set(pod.metadata.name, String(error)));
      }
      await delay(300);
    }
  })();
  return { said, stop: () => void (stopped = true) };
}
