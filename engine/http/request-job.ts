import { isOwnError } from '../../catalogue/failure-sides.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { CookieJar } from './cookie-jar.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeOwner } from './exchange.ts';
import type { ExpectedStatuses } from './expected-statuses.ts';
import { RequestError, failureOf } from './failure.ts';
import type { Failure } from './failure.ts';
import { headerValues } from './raw-headers.ts';
import { Response, decodedBody } from './response.ts';
import type { ResponseType, SentRequest } from './response.ts';
import { recordRequest } from './samples.ts';
import type { HttpSession } from './session.ts';
import { parseTarget } from './target.ts';
import type { RequestTarget } from './target.ts';
import type { WireRequest } from './request-text.ts';
import { addHeader, hasHeader, withoutHeaders } from './wire-headers.ts';
import type { WireHeaders } from './wire-headers.ts';

/** Redirects that change the method to GET (RFC 9110 15.4); HEAD stays HEAD. */
const BECOMES_GET = new Set([301, 302, 303]);
const KEEPS_METHOD = new Set([307, 308]);
/** Safe methods: resent by default, as Go's client does, and so k6. */
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Cookies in `params.cookies`; `replace`: they override the jar's. */
export type GivenCookies = Readonly<Record<string, string | { readonly value?: string; readonly replace?: boolean }>>;

/** A request as determined by script, session and settings. */
interface RequestOrder {
  /** These five belong to the current hop: a redirect changes them. `target`: without `origin` if the URL is invalid. */
  method: string;
  target: RequestTarget;
  content: string | Buffer | null;
  headers: WireHeaders;
  /** Maximum number of redirects still to follow. */
  redirects: number;
  readonly tags: Tags | undefined;
  readonly cookies: GivenCookies | undefined;
  readonly jar: CookieJar;
  /** Null: the response callback is switched off. */
  readonly expected: ExpectedStatuses | null;
  readonly type: ResponseType;
  /** 0 means no deadline. */
  readonly timeoutMs: number;
  /** Whether to resend it if its reused connection turns out dead; undefined: if its method is safe. */
  readonly resend: boolean | undefined;
}

/** A request as it is sent, and as the script sees it. */
type Dispatched = SentRequest & WireRequest;

/** A request with its redirects, from the call until its promise is settled. */
export class RequestJob implements ExchangeOwner {
  readonly #session: HttpSession;
  readonly #order: RequestOrder;
  readonly #epoch: number;
  /** The current hop's request. */
  #sent: Dispatched | undefined;
  #resolve: ((response: Response) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  constructor(session: HttpSession, order: RequestOrder) {
    this.#session = session;
    this.#order = order;
    this.#epoch = session.caller.epoch;
  }

  /** Starts; exactly one of the two is called, unless the iteration is interrupted. */
  start(resolve: (response: Response) => void, reject: (error: Error) => void): void {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#session.caller.taskStarted();
    if (this.#order.target.origin === '') this.#refuse(new RequestError('PAIRSTORM_URL'));
    else this.#send();
  }

  #send(): void {
    const { method, target, content: body, headers, redirects } = this.#order;
    const cookies = this.#cookies();
    // Each hop starts from the script's headers; without further hops no copy is needed.
    const wire = redirects > 0 ? [...headers] : headers;
    if (cookies.length > 0 && !hasHeader(wire, 'Cookie')) wire.push('Cookie', cookieHeader(cookies));
    if (target.authorization !== undefined) addHeader(wire, 'Authorization', target.authorization);
    const { url, origin, path } = target;
    this.#sent = { method, url, origin, path, headers: wire, body, cookies };
    const waitMs = this.#session.client.waitForRate();
    if (waitMs > 0) setTimeout(() => this.#dispatch(), waitMs);
    else this.#dispatch();
  }

  /** Sends the request, unless its iteration was interrupted while it waited. */
  #dispatch(): void {
    const { caller, client } = this.#session;
    if (this.#epoch !== caller.epoch) return;
    const { type, timeoutMs, method, resend = SAFE.has(method) } = this.#order;
    const exchange = new Exchange(timeoutMs, type === 'none' ? undefined : client.bodies, resend, this);
    const sent = this.#sent!;
    this.#session.send(exchange, client.host.settings?.noConnectionReuse === true ? { ...sent, reset: true } : sent);
  }

  /** Cookies of the jar and of `params.cookies`; those with `replace` override the jar's. */
  #cookies(): readonly (readonly [string, string])[] {
    const { jar, target, cookies: own } = this.#order;
    const fromJar = jar.cookiesFor(target.url);
    if (own === undefined) return fromJar;
    const cookies = [...fromJar];
    for (const [name, given] of Object.entries(own)) {
      const { value = '', replace = false } = typeof given === 'string' ? { value: given } : given;
      const inJar = cookies.findIndex(([known]) => known === name);
      if (inJar < 0) cookies.push([name, value]);
      else if (replace) cookies[inJar] = [name, value];
    }
    return cookies;
  }

  exchanged(exchange: Exchange): void {
    if (this.#epoch !== this.#session.caller.epoch) return;
    let failure: Failure | undefined = exchange.error === undefined ? undefined : failureOf(exchange.error);
    let bytes: Buffer | undefined;
    if (failure === undefined) {
      const setCookies = headerValues(exchange.rawHeaders, 'set-cookie');
      if (setCookies.length > 0) this.#order.jar.store(setCookies, this.#sent!.url);
      try {
        bytes = decodedBody(exchange);
      } catch {
        failure = failureOf(new RequestError('PAIRSTORM_DECOMPRESSION'));
      }
    }
    const response = new Response(this.#session.client.host, this.#sent!, this.#order.type, exchange, bytes, failure);
    this.#record(response);
    if (failure === undefined && this.#order.redirects > 0 && this.#follow(response.status, exchange)) return;
    this.#finish(response, failure);
  }

  /** Fails a request without sending it. */
  #refuse(error: Error): void {
    const failure = failureOf(error);
    const { method, target, headers, content: body } = this.#order;
    const sent = { method, url: target.url, headers, body, cookies: [] };
    const response = new Response(this.#session.client.host, sent, this.#order.type, undefined, undefined, failure);
    this.#record(response);
    this.#finish(response, failure);
  }

  #record(response: Response): void {
    const { method, expected: ranges, tags } = this.#order;
    const { status } = response;
    if (isOwnError(response.error_code)) {
      const { host } = this.#session.client;
      host.generatorSeries('generator_failed_requests', { error: response.error }).add(1);
    }
    const expected = ranges === null ? undefined : status !== 0 && ranges.has(status);
    recordRequest(this.#session, { method, expected, tags }, response);
  }

  /** Follows a redirect; false if there is none to follow. */
  #follow(status: number, exchange: Exchange): boolean {
    if (!(BECOMES_GET.has(status) || KEEPS_METHOD.has(status))) return false;
    const location = headerValues(exchange.rawHeaders, 'location')[0];
    const order = this.#order;
    const from = order.target;
    if (location === undefined) return false;
    const next = URL.canParse(location, from.url) ? parseTarget(new URL(location, from.url).href) : undefined;
    if (next === undefined) return false;
    order.redirects--;
    if (BECOMES_GET.has(status) && order.method !== 'HEAD') {
      if (order.method !== 'GET') order.headers = withoutHeaders(order.headers, ['content-type', 'content-length']);
      order.method = 'GET';
      order.content = null;
    }
    // Credentials are only for the host they were given for.
    if (next.origin !== from.origin) order.headers = withoutHeaders(order.headers, ['authorization', 'cookie']);
    order.target = next;
    this.#send();
    return true;
  }

  #finish(response: Response, failure: Failure | undefined): void {
    const { host } = this.#session.client;
    this.#session.caller.taskEnded(this.#epoch);
    if (failure !== undefined) {
      if (host.settings?.throw === true) {
        this.#reject!(new host.realm.Error(failure.text));
        return;
      }
      host.requestFailed(failure.text, failure.code);
    }
    this.#resolve!(response);
  }
}

function cookieHeader(cookies: readonly (readonly [string, string])[]): string {
  let header = '';
  for (const [name, value] of cookies) header += header === '' ? `${name}=${value}` : `; ${name}=${value}`;
  return header;
}
