import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const ENVIRONMENT = 'env-1';
const POPULATION = 'pop-1';
const TOKEN = 'worker-token-1';

interface User {
  readonly id: string;
  readonly username: string;
  readonly externalId: string | null;
  readonly population: { readonly id: string };
  mfaEnabled: boolean;
  password?: string;
  readonly devices: { readonly id: string; readonly type: string; readonly testMode: boolean }[];
}

/** What the server refuses on purpose. */
interface Refusing {
  /** Answers in place of PingOne's; undefined: none. `n`: number of the request, from 1. */
  before?: (request: {
    method: string;
    path: string;
    body: Record<string, unknown>;
    n: number;
  }) =>
    | { readonly status: number; readonly body?: object; readonly headers?: Record<string, string> }
    | 'cut after'
    | undefined;
}

/** Users, passwords and devices of PingOne's platform API, from its public documentation. */
export async function smallPingOne(refusing: Refusing = {}) {
  const users = new Map<string, User>();
  const times: number[] = [];
  let latencyMs = 0;
  const taken = {
    code: 'UNIQUENESS_VIOLATION',
    target: 'username',
    message: 'is unique but a non-unique value is provided',
  };
  const invalid = (detail: object) => ({
    status: 400,
    body: { id: randomUUID(), code: 'INVALID_DATA', details: [detail] },
  });
  const notFound = { status: 404, body: { id: randomUUID(), code: 'NOT_FOUND' } };
  const shown = ({ id, username, externalId, population, mfaEnabled }: User): object => ({
    ...{ id, username, externalId, population, mfaEnabled },
  });

  const answer = (
    method: string,
    path: string,
    query: URLSearchParams,
    type: string,
    body: Record<string, unknown>,
  ) => {
    const [, id, part] = /^\/users(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(path) ?? [];
    if (id === undefined) {
      if (method === 'GET') {
        const name = /^username eq "(.*)"$/.exec(query.get('filter') ?? '')?.[1]?.toLowerCase();
        const found = [...users.values()].filter(({ username }) => username.toLowerCase() === name);
        return { status: 200, body: { _embedded: { users: found.map(shown) }, size: found.length } };
      }
      const { username, externalId = null, population } = body as Partial<User>;
      if (typeof username !== 'string' || username === '') return invalid({ code: 'EMPTY_VALUE', target: 'username' });
      if (population?.id !== POPULATION) return invalid({ code: 'INVALID_VALUE', target: 'population' });
      if ([...users.values()].some((user) => user.username.toLowerCase() === username.toLowerCase()))
        return invalid(taken);
      const user: User = { id: randomUUID(), username, externalId, population, mfaEnabled: false, devices: [] };
      users.set(user.id, user);
      return { status: 201, body: shown(user) };
    }
    const user = users.get(id);
    if (user === undefined) return notFound;
    switch (`${method} ${part ?? ''}`) {
      case 'DELETE ':
        users.delete(id);
        return { status: 204 };
      case 'PUT password':
        if (type !== 'application/vnd.pingidentity.password.set+json') return { status: 415 };
        user.password = String(body['value']);
        return { status: 200, body: {} };
      case 'PUT mfaEnabled':
        user.mfaEnabled = body['mfaEnabled'] === true;
        return { status: 200, body: { mfaEnabled: user.mfaEnabled } };
      case 'GET devices':
        return { status: 200, body: { _embedded: { devices: user.devices } } };
      case 'POST devices': {
        const target = body['type'] === 'EMAIL' ? body['email'] : body['phone'];
        if (!user.mfaEnabled) return invalid({ code: 'INVALID_VALUE', target: 'mfaEnabled' });
        if (typeof target !== 'string') return invalid({ code: 'EMPTY_VALUE', target: 'phone' });
        const device = { id: randomUUID(), type: String(body['type']), testMode: body['testMode'] === true };
        user.devices.push(device);
        return { status: 201, body: { ...device, status: 'ACTIVE' } };
      }
      default:
        return { status: 405 };
    }
  };

  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    times.push(Date.now());
    const n = times.length;
    if (latencyMs > 0) await new Promise((resolve) => void setTimeout(resolve, latencyMs));
    const { method = 'GET', headers } = incoming;
    const url = new URL(incoming.url ?? '/', 'http://x');
    const path = url.pathname.replace(`/v1/environments/${ENVIRONMENT}`, '');
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8') || '{}') as Record<string, unknown>;
    const authorized = headers.authorization === `Bearer ${TOKEN}`;
    const own = authorized
      ? refusing.before?.({ method, path, body, n })
      : { status: 401, body: { code: 'ACCESS_FAILED' } };
    const made: { status: number; body?: object; headers?: Record<string, string> } =
      own === undefined || own === 'cut after'
        ? answer(method, path, url.searchParams, headers['content-type'] ?? '', body)
        : own;
    if (own === 'cut after') {
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(made.status, { 'content-type': 'application/json', ...made.headers });
    outgoing.end(made.body === undefined ? undefined : JSON.stringify(made.body));
  };
  const server = createServer((incoming, outgoing) => void serve(incoming, outgoing).catch(() => outgoing.destroy()));
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    api: `http://127.0.0.1:${port}/v1`,
    token: TOKEN,
    place: ['--api', `http://127.0.0.1:${port}/v1`, '--environment', ENVIRONMENT, '--population', POPULATION],
    users: (): readonly User[] => [...users.values()],
    add: (username: string): void => {
      const id = randomUUID();
      const population = { id: POPULATION };
      users.set(id, { id, username, externalId: null, population, mfaEnabled: false, devices: [] });
    },
    times: (): readonly number[] => times,
    slow: (ms: number): void => {
      latencyMs = ms;
    },
    close: (): void => {
      server.closeAllConnections();
      server.close();
    },
  };
}
