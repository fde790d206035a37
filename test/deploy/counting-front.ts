import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in front of another that notes who signs in with what flow. */
export interface CountingFront {
  readonly url: string;
  /** Flows in which each user gave a password. */
  readonly flowsOf: ReadonlyMap<string, ReadonlySet<string>>;
  readonly close: () => void;
}

export async function countingFront(upstream: string): Promise<CountingFront> {
  const flowsOf = new Map<string, Set<string>>();
  const { hostname, port } = new URL(upstream);
  const server = createServer((asked, answer) => {
    const chunks: Buffer[] = [];
    asked.on('data', (chunk: Buffer) => chunks.push(chunk));
    asked.on('end', () => {
      const body = Buffer.concat(chunks);
      const [, username] = /"username":"([^"]+)"/.exec(body.toString('utf8')) ?? [];
      const [, flow] = /\/flows\/([^/?]+)/.exec(asked.url ?? '') ?? [];
      if (username !== undefined && flow !== undefined) {
        const flows = flowsOf.get(username) ?? new Set();
        flowsOf.set(username, flows.add(flow));
      }
      const { method, url: path, headers } = asked;
      const further = request({ hostname, port, method, path, headers }, (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.rawHeaders);
        answered.pipe(answer);
      });
      further.on('error', () => answer.destroy());
      further.end(body);
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    flowsOf,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
