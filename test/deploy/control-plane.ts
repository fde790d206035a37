import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Agent, request } from 'undici';
import { emptyFolder } from '../cli/command.ts';
import { freePort } from './free-port.ts';

const PROGRAM = fileURLToPath(new URL('../../node_modules/.cache/control-plane/control-plane', import.meta.url));

/** Why there is no Kubernetes here, or undefined. */
export function noControlPlane(): string | undefined {
  if (!existsSync(PROGRAM))
    return 'there is no control plane on this machine; build it with npm run control-plane (needs Go, and a quarter of an hour)';
  return spawnSync('etcd', ['--version']).error === undefined
    ? undefined
    : 'there is no etcd on this machine; on Debian it is in the package etcd-server';
}

/** An object of the API. */
export type Json = Readonly<Record<string, unknown>>;

/** A real etcd, kube-apiserver and Job controller on this machine. */
export interface ControlPlane {
  /** A request to the API; the status and the object of the answer. */
  readonly ask: (
    method: string,
    path: string,
    body?: object,
    type?: string,
  ) => Promise<{ status: number; object: Json }>;
  readonly stop: () => void;
}

const TOKEN = 'of-a-test';

export async function startControlPlane(): Promise<ControlPlane> {
  const folder = emptyFolder();
  const children: ChildProcess[] = [];
  const run = (program: string, name: string, args: Readonly<Record<string, string>>): void => {
    const log = openSync(join(folder, `${name}.log`), 'w');
    const flags = Object.entries(args).map(([flag, value]) => `--${flag}=${value}`);
    const words = program === PROGRAM ? [name, ...flags] : flags;
    children.push(spawn(program, words, { cwd: folder, stdio: ['ignore', log, log] }));
  };
  const [etcd, peer, secure] = [await freePort(), await freePort(), await freePort()];
  const [etcdUrl, peerUrl, url] = [etcd, peer]
    .map((port) => `http://127.0.0.1:${port}`)
    .concat(`https://127.0.0.1:${secure}`);
  run('etcd', 'etcd', {
    ...{ 'data-dir': join(folder, 'etcd'), 'listen-client-urls': etcdUrl!, 'advertise-client-urls': etcdUrl! },
    ...{
      'listen-peer-urls': peerUrl!,
      'initial-advertise-peer-urls': peerUrl!,
      'initial-cluster': `default=${peerUrl!}`,
    },
  });
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(join(folder, 'sa.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  writeFileSync(join(folder, 'tokens.csv'), `${TOKEN},admin,1,system:masters\n`);
  run(PROGRAM, 'kube-apiserver', {
    ...{ 'etcd-servers': etcdUrl!, 'bind-address': '127.0.0.1', 'advertise-address': '127.0.0.1' },
    ...{ 'endpoint-reconciler-type': 'none', 'secure-port': String(secure), 'cert-dir': join(folder, 'certs') },
    ...{
      'service-cluster-ip-range': '10.99.0.0/24',
      'token-auth-file': 'tokens.csv',
      'authorization-mode': 'AlwaysAllow',
    },
    ...{ 'service-account-issuer': 'https://localhost', 'service-account-key-file': 'sa.pub' },
    ...{ 'service-account-signing-key-file': 'sa.key', 'disable-admission-plugins': 'ServiceAccount' },
  });
  const cluster = { server: url, 'insecure-skip-tls-verify': true };
  const kubeconfig = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token: TOKEN } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
  };
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(kubeconfig));
  const dispatcher = new Agent({ connect: { rejectUnauthorized: false } });
  const ask: ControlPlane['ask'] = async (method, path, body, type = 'application/json') => {
    const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': type };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    const { statusCode, body: answer } = await request(`${url!}${path}`, {
      method: method as 'GET',
      dispatcher,
      headers,
      ...content,
    });
    return { status: statusCode, object: (await answer.json()) as Json };
  };
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    void dispatcher.destroy();
  };
  for (const until = Date.now() + 300_000; ;) {
    const ready = await ask('GET', '/api/v1/namespaces/default').then(
      ({ status }) => status === 200,
      () => false,
    );
    if (ready) break;
    if (Date.now() > until) {
      stop();
      throw new Error(`the API server is not ready; its log is in ${folder}`);
    }
    await delay(500);
  }
  run(PROGRAM, 'kube-controller-manager', {
    ...{ kubeconfig: 'kubeconfig', controllers: 'job-controller', 'leader-elect': 'false' },
    ...{ 'cert-dir': join(folder, 'certs'), 'secure-port': '0' },
  });
  return { ask, stop };
}
