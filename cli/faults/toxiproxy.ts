import { randomBytes, randomInt } from 'node:crypto';
import type { NetworkFault } from '../../catalogue/phases.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { maskUrl } from '../../contract/shown-text.ts';
import { Deadline } from '../../engine/deadline.ts';
import { reasonOf } from '../one-line.ts';
import { OURS } from './journal.ts';
import type { Undo } from './journal.ts';

/**
 * Toxiproxy's HTTP API (https://github.com/Shopify/toxiproxy, README, "HTTP API" and "Toxics"; MIT). A toxic works on
 * connections: with a toxicity below 1, each connection is drawn once, open ones when the toxic is added.
 */

/** A toxic of a network fault; null: the proxy is disabled, so that nobody can connect. */
interface Toxic {
  readonly type: string;
  readonly attributes: Readonly<Record<string, number>>;
}

/** All on the way back to the users: the target does its work, and they do not hear of it as they should. */
const TOXICS: Readonly<Record<NetworkFault, Toxic | null>> = {
  /** 300 ms ± 100 ms more for each answer. */
  'net-latency': { type: 'latency', attributes: { latency: 300, jitter: 100 } },
  'net-down': null,
  /** A TCP reset as soon as an answer comes. */
  'net-reset': { type: 'reset_peer', attributes: { timeout: 0 } },
  /** One kilobyte a second. */
  'net-slow': { type: 'bandwidth', attributes: { rate: 1 } },
  /** The connection ends after the first kilobyte. */
  'net-cut': { type: 'limit_data', attributes: { bytes: 1_000 } },
  /** Nothing comes any more, and nothing ends. */
  'net-hang': { type: 'timeout', attributes: { timeout: 0 } },
  /** In slices of 64 ± 32 bytes, 10 ms apart. */
  'net-slices': { type: 'slicer', attributes: { average_size: 64, size_variation: 32, delay: 10_000 } },
};

/** A proxy of a Toxiproxy. */
export interface Proxy {
  readonly api: string;
  readonly name: string;
  /** Made for the run, and removed after it. */
  readonly own: boolean;
}

const TIMEOUT_MS = 5_000;

/** Ports of proxies: below the range from which systems take those of outgoing connections (32768, 49152). */
const PORTS = [20_000, 29_999] as const;
const TRIES = 20;

/** An answer of the API. */
interface Answered {
  readonly status: number;
  readonly text: string;
}

/** Asks Toxiproxy. Rejects if it does not answer. */
async function ask(api: string, method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<Answered> {
  const deadline = new Deadline(TIMEOUT_MS);
  try {
    // Loaded when it is needed: few runs have a fault of the network.
    const { request } = await import('undici');
    const answer = await request(api + path, {
      method,
      // Toxiproxy rejects browsers by their User-Agent.
      headers: { 'content-type': 'application/json', 'user-agent': 'pairstorm' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: deadline.signal,
    });
    return { status: answer.statusCode, text: (await answer.body.text()).slice(0, 300).trim() };
  } finally {
    deadline.clear();
  }
}

const isGood = ({ status }: Answered): boolean => status >= 200 && status < 300;
const proxyPath = (name: string): string => `/proxies/${encodeURIComponent(name)}`;

/** Checks that Toxiproxy answers. Throws a ConfigurationError. */
export async function checkToxiproxy(api: string): Promise<void> {
  let answer: Answered;
  try {
    answer = await ask(api, 'GET', '/version');
  } catch (error) {
    throw new ConfigurationError(
      `--toxiproxy ${maskUrl(api)}: ${reasonOf(error)}; start it (toxiproxy-server), or write its address`,
    );
  }
  if (!isGood(answer))
    throw new ConfigurationError(`--toxiproxy ${maskUrl(api)} answered HTTP ${answer.status}; is it Toxiproxy’s API?`);
}

/** Uses a proxy that the user put somewhere. Throws a ConfigurationError if there is none of this name. */
export async function namedProxy(api: string, name: string): Promise<Proxy> {
  const answer = await ask(api, 'GET', proxyPath(name));
  if (isGood(answer)) return { api, name, own: false };
  throw new ConfigurationError(
    `--toxiproxy-proxy ${name}: ${maskUrl(api)} has no such proxy (HTTP ${answer.status}); make it there, or leave the flag out`,
  );
}

/** A name for a proxy of ours. */
export const ownProxyName = (): string => `${OURS}${randomBytes(4).toString('hex')}`;

/** Makes a proxy to `host:port`. Resolves to the address at which it listens. Throws a ConfigurationError. */
export async function makeProxy({ api, name }: Proxy, upstream: string): Promise<string> {
  let why = '';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const listen = `127.0.0.1:${randomInt(PORTS[0], PORTS[1] + 1)}`;
    const answer = await ask(api, 'POST', '/proxies', { name, listen, upstream, enabled: true });
    if (isGood(answer)) return listen;
    why = answer.text;
    if (!why.includes('address already in use')) break;
  }
  throw new ConfigurationError(`--toxiproxy ${maskUrl(api)} could not make a proxy to ${upstream}: ${why}`);
}

/** What undoes a network fault; to be noted before it begins. */
export function undoOf(fault: NetworkFault, { api, name }: Proxy): Undo {
  return TOXICS[fault] === null
    ? { kind: 'disabled', api, proxy: name }
    : { kind: 'toxic', api, proxy: name, toxic: OURS + fault };
}

/** Begins a network fault on this share of the connections. Resolves to an error message, or undefined. */
export async function beginToxic(
  fault: NetworkFault,
  { api, name }: Proxy,
  share: number,
): Promise<string | undefined> {
  const toxic = TOXICS[fault];
  const answer = await (toxic === null
    ? ask(api, 'POST', proxyPath(name), { enabled: false })
    : ask(api, 'POST', `${proxyPath(name)}/toxics`, {
        ...{ name: OURS + fault, stream: 'downstream', toxicity: share },
        ...toxic,
      }));
  return isGood(answer) ? undefined : `Toxiproxy answered HTTP ${answer.status} ${answer.text}`;
}

/** Undoes a toxic, a disabled proxy, or a proxy of ours; may be done twice. Resolves to an error message, or undefined. */
export async function undoToxic(undo: Extract<Undo, { readonly api: string }>): Promise<string | undefined> {
  const { api, proxy } = undo;
  const answer = await (undo.kind === 'disabled'
    ? ask(api, 'POST', proxyPath(proxy), { enabled: true })
    : ask(api, 'DELETE', proxyPath(proxy) + (undo.kind === 'toxic' ? `/toxics/${undo.toxic}` : '')));
  // 404: it is gone already, or its proxy is.
  return isGood(answer) || answer.status === 404
    ? undefined
    : `Toxiproxy answered HTTP ${answer.status} ${answer.text}`;
}
