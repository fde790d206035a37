import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `npm run toxiproxy` puts it (Go calls it `server`), and where a package of the system would. */
const BUILT = fileURLToPath(new URL('../../../node_modules/.cache/toxiproxy/server', import.meta.url));

const PROGRAM = [
  BUILT,
  ...(process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'toxiproxy-server')),
].find((file) => existsSync(file));

/** Why there are no network faults here, or undefined. */
export const noToxiproxy = (): string | undefined =>
  PROGRAM === undefined
    ? 'there is no Toxiproxy on this machine; build it with npm run toxiproxy (needs Go)'
    : undefined;

/** A proxy as its API shows it. */
export interface ShownProxy {
  readonly name: string;
  readonly listen: string;
  readonly enabled: boolean;
  readonly toxics: readonly { readonly name: string; readonly type: string; readonly toxicity: number }[];
}

export interface Toxiproxy {
  readonly url: string;
  readonly proxies: () => Promise<readonly ShownProxy[]>;
  readonly post: (path: string, body: object) => Promise<number>;
  readonly stop: () => void;
}

/** Starts a Toxiproxy on a free port. */
export async function startToxiproxy(): Promise<Toxiproxy> {
  const port = await freePort();
  const child = spawn(PROGRAM!, ['-host', '127.0.0.1', '-port', String(port)], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  for (;;) {
    const up = await fetch(`${url}/version`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (up) break;
    if (child.exitCode !== null) throw new Error(`toxiproxy ended with ${child.exitCode}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    url,
    proxies: async () => Object.values((await (await fetch(`${url}/proxies`)).json()) as Record<string, ShownProxy>),
    post: async (path, body) => (await fetch(url + path, { method: 'POST', body: JSON.stringify(body) })).status,
    stop: () => void child.kill('SIGKILL'),
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
