import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from '../../lib/target.ts';
import { follow } from './browser.ts';
import type { LiveOrder } from './messages.ts';

/** The parts of the page by name, each as HTML. */
export interface Frame {
  /** Parts below each other, in order. */
  readonly order: readonly string[];
  readonly parts: ReadonlyMap<string, string>;
}

/** What the server asks for and tells. */
interface Behind {
  /** The page without its parts. */
  readonly shell: () => string;
  /** Somebody looks who was not there before: whatever is shown is to be up to date. */
  readonly joined: () => void;
  readonly stop: () => void;
}

/** A browser that listens, and the latest change that it was sent. */
interface Follower {
  readonly response: ServerResponse;
  version: number;
}

interface Part {
  readonly html: string;
  readonly version: number;
}

/** More than anybody has open at once; each costs a socket of the machine that makes the load. */
const MOST_FOLLOWERS = 16;
/** How soon a browser comes back by itself, in milliseconds. */
const RETRY_MS = 1_000;
export const CONTROL_HEADER = 'x-pairstorm-control';

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
} as const;

/**
 * Serves the page and its events (server-sent events, https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Whoever connects, for the first time or again, gets every part; then those that changed. A browser that reads slowly
 * is sent less often: nothing is kept for it.
 */
export class LiveServer {
  readonly #order: LiveOrder;
  readonly #behind: Behind;
  readonly #server: Server;
  readonly #followers = new Set<Follower>();
  readonly #parts = new Map<string, Part>();
  #inOrder: readonly string[] = [];
  #version = 0;

  constructor(order: LiveOrder, behind: Behind) {
    this.#order = order;
    this.#behind = behind;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  /** Opens the port; gives it. Rejects with Node's error. */
  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#order.port, this.#order.host, () =>
        resolve((this.#server.address() as AddressInfo).port),
      );
    });
  }

  /** Whether anybody looks. */
  get followed(): boolean {
    return this.#followers.size > 0;
  }

  /** Shows a frame: what differs from the one before goes to everybody who keeps up. */
  show({ order, parts }: Frame): void {
    this.#version++;
    this.#inOrder = order;
    for (const [name, html] of parts) {
      if (this.#parts.get(name)?.html !== html) this.#parts.set(name, { html, version: this.#version });
    }
    for (const name of [...this.#parts.keys()]) if (!parts.has(name)) this.#parts.delete(name);
    for (const follower of this.#followers) this.#send(follower);
  }

  /** Sends a last event to everybody and closes, once they have it. */
  async end(page: object): Promise<void> {
    await Promise.all(
      [...this.#followers].map(
        ({ response }) => new Promise<void>((resolve) => void response.end(eventOf('end', page), () => resolve())),
      ),
    );
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  #send(follower: Follower): void {
    const { response, version } = follower;
    if (response.writableNeedDrain) return;
    const set: Record<string, string> = {};
    for (const [name, part] of this.#parts) if (part.version > version) set[name] = part.html;
    follower.version = this.#version;
    response.write(eventOf('frame', { order: this.#inOrder, set }));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://live');
    const given = url.searchParams.get('token');
    if (!this.#isOurs(request)) refuse(response, 403, 'This page is only for this machine, by its address.');
    else if (given !== null && this.#order.token !== undefined && isSame(given, this.#order.token)) {
      // The token leaves the address, so that it is in no history and in no picture.
      response.writeHead(303, {
        ...HEADERS,
        'Set-Cookie': `${this.#cookie}=${given}; HttpOnly; SameSite=Strict; Path=/`,
        Location: url.pathname,
      });
      response.end();
    } else if (!this.#isAllowed(request))
      refuse(response, 401, 'Open the address with ?token=…, as the run printed it.');
    else this.#route(url.pathname, request, response);
  }

  #route(path: string, request: IncomingMessage, response: ServerResponse): void {
    const { method = '' } = request;
    if (path === '/stop') this.#stop(request, response);
    else if (method !== 'GET' && method !== 'HEAD') refuse(response, 405, 'This page only shows.');
    else if (path === '/') text(response, 'text/html', this.#behind.shell());
    else if (path === '/live.js') text(response, 'text/javascript', `(${follow.toString()})(globalThis);`);
    else if (path === '/events') this.#follow(response);
    else refuse(response, 404, 'There is nothing here.');
  }

  #follow(response: ServerResponse): void {
    if (this.#followers.size >= MOST_FOLLOWERS) {
      refuse(response, 503, 'Too many look at this run already.');
      return;
    }
    response.writeHead(200, { ...HEADERS, 'Content-Type': 'text/event-stream' });
    response.write(`retry: ${RETRY_MS}\n\n`);
    const follower: Follower = { response, version: 0 };
    this.#followers.add(follower);
    response.on('close', () => this.#followers.delete(follower));
    response.on('error', () => this.#followers.delete(follower));
    this.#behind.joined();
    // Of what has not changed meanwhile nothing was sent yet.
    if (follower.version === 0) this.#send(follower);
  }

  #stop(request: IncomingMessage, response: ServerResponse): void {
    const { control } = this.#order;
    const given = request.headers[CONTROL_HEADER];
    if (request.method !== 'POST') refuse(response, 405, 'This page only shows.');
    else if (control === undefined || typeof given !== 'string' || !isSame(given, control))
      refuse(response, 403, 'This page may not stop the run: it was started without --live-control.');
    else {
      this.#behind.stop();
      response.writeHead(204, HEADERS);
      response.end();
    }
  }

  /** A page of another name that leads here (DNS rebinding) would be one that anybody's script can read. */
  #isOurs({ headers: { host = '' } }: IncomingMessage): boolean {
    if (this.#order.token !== undefined) return true;
    return isLoopback(host.replace(/:\d+$/, '').toLowerCase());
  }

  #isAllowed({ headers: { cookie = '' } }: IncomingMessage): boolean {
    const { token } = this.#order;
    if (token === undefined) return true;
    const given = cookie
      .split(/;\s*/)
      .find((pair) => pair.startsWith(`${this.#cookie}=`))
      ?.slice(this.#cookie.length + 1);
    return given !== undefined && isSame(given, token);
  }

  /** Cookies are those of a host, whatever the port. */
  get #cookie(): string {
    return `pairstorm-live-${(this.#server.address() as AddressInfo).port}`;
  }
}

function eventOf(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function text(response: ServerResponse, type: string, body: string): void {
  response.writeHead(200, { ...HEADERS, 'Content-Type': `${type}; charset=utf-8` });
  response.end(body);
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${why}\n`);
}

/** Compares in a time that does not tell how much of it is right. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
