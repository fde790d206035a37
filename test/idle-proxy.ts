import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A load balancer in front of a server on this machine. */
export interface IdleProxy {
  readonly url: string;
  /** Requests that came over a connection which it had closed: it answers them with a reset, and the server never sees them. */
  lost: number;
  readonly close: () => void;
}

/**
 * Closes connections that were idle for a time, as load balancers, Apache and Node do. `noticeMs`: how long that takes to arrive at
 * the client, which may send a request meanwhile; Infinity for one that forgets connections without a word, as firewalls do.
 */
export async function idleProxy(upstream: string, idleMs: number, noticeMs: number): Promise<IdleProxy> {
  const { hostname, port } = new URL(upstream);
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const up = connect({ host: hostname, port: Number(port), noDelay: true });
    let closed = false;
    let idle: NodeJS.Timeout | undefined;
    let notice: NodeJS.Timeout | undefined;
    const tell = (): void => {
      if (noticeMs < Infinity) notice = setTimeout(() => client.end(), noticeMs);
    };
    client.on('data', (bytes) => {
      clearTimeout(idle);
      if (!closed) up.write(bytes);
      else {
        clearTimeout(notice);
        proxy.lost++;
        client.resetAndDestroy();
      }
    });
    up.on('data', (bytes) => {
      client.write(bytes);
      clearTimeout(idle);
      idle = setTimeout(() => {
        closed = true;
        up.end();
        tell();
      }, idleMs);
    });
    for (const socket of [client, up]) {
      open.add(socket.on('error', () => undefined));
      socket.on('close', () => open.delete(socket));
    }
    client.on('close', () => {
      clearTimeout(idle);
      clearTimeout(notice);
      up.destroy();
    });
    client.setNoDelay(true);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: IdleProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lost: 0,
    close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
  return proxy;
}
