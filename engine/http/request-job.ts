import { isOwnError } from '../../catalogue/failure-sides.ts';
import type { Tags } from '../metrics/series.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { bodiesUnderWay } from './bodies-under-way.ts';
import type { CookieJar } from './cookie-jar.ts';
import { Exchange } from './exchange.ts';
import type { ExchangeOwner } from './exchange.ts';
import type { ExpectedStatuses } from './expected-statuses.ts';
import { RequestError, failureOf } from './failure.ts';
import type { Failure } from './failure.ts';
import { headerValues } from './raw-headers.ts';
import { waitForRate } from './request-rate.ts';
import type { RequestParams } from './request.ts';
import { Response, decodedBody } from './response.ts';
import type { ResponseType, SentRequest } from './response.ts';
import { recordRequest } from './samples.ts';
import { parseTarget } from './target.ts';
import type { Target } from './target.ts';
import { addHeader, hasHeader, withoutHeaders } from './wire-headers.ts';
import type { WireHeaders } from './wire-headers.ts';

/** Redirects after which GET follows, whatever was sent (RFC 9110 15.4); HEAD stays HEAD. */
const BECOMES_GET = new Set([301, 302, 303]);
const KEEPS_METHOD = new Set([307, 308]);

/** A request on its way through its hops, from the call to the settling of its promise. */
export class RequestJob implements ExchangeOwner {
  readonly #vu: VirtualUser;
  readonly #epoch: number;
  #method: string;
  #target: Target;
  #content: string | Buffer | null;
  #headers: WireHeaders;
  readonly #tags: Tags | undefined;
  readonly #ownCookies: RequestParams['cookies'];
  readonly #jar: CookieJar;
  readonly #expected: ExpectedStatuses | null;
  readonly #type: ResponseType;
  readonly #timeoutMs: number;
  #redirectsLeft: number;
  /** What goes over the wire now. */
  #sent: SentRequest | undefined;
  #resolve: ((response: Response) => void) | undefined;
  #reject: ((error: Error) => void) | undefined;

  /** `target` is undefined where `url` is none; `timeoutMs` 0 means no deadline. */
  constructor(
    vu: VirtualUser,
    method: string,
    url: string,
    target: Target | undefined,
    content: string | Buffer | null,
    headers: WireHeaders,
    tags: Tags | undefined,
    ownCookies: RequestParams['cookies'],
    jar: CookieJar,
    expected: ExpectedStatuses | null,
    type: ResponseType,
    timeoutMs: number,
    redirectsLeft: number,
  ) {
    this.#vu = vu;
    this.#epoch = vu.epoch;
    this.#method = method;
    this.#target = target ?? { url, origin: '', path: '', secure: false };
    this.#content = content;
    this.#headers = headers;
    this.#tags = tags;
    this.#ownCookies = ownCookies;
    this.#jar = jar;
    this.#expected = expected;
    this.#type = type;
    this.#timeoutMs = timeoutMs;
    this.#redirectsLeft = redirectsLeft;
  }

  /** Begins; exactly one of the two is called, unless the iteration is cut off. */
  start(resolve: (response: Response) => void, reject: (error: Error) => void): void {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#vu.taskStarted();
    if (this.#target.origin === '') this.#refuse(new RequestError('PAIRSTORM_URL'));
    else this.#send();
  }

  #send(): void {
    const target = this.#target;
    const cookies = this.#cookies();
    // A later hop starts from the script's headers again; where none can follow, they need no copy.
    const wire = this.#redirectsLeft > 0 ? [...this.#headers] : this.#headers;
    if (cookies.length > 0 && !hasHeader(wire, 'Cookie')) wire.push('Cookie', cookieHeader(cookies));
    if (target.authorization !== undefined) addHeader(wire, 'Authorization', target.authorization);
    this.#sent = { method: this.#method, url: target.url, headers: wire, body: this.#content, cookies };
    const waitMs = waitForRate(this.#vu.run);
    if (waitMs > 0) setTimeout(() => this.#dispatch(), waitMs);
    else this.#dispatch();
  }

  /** Puts the request on the wire, unless its iteration has been cut off while it waited. */
  #dispatch(): void {
    const vu = this.#vu;
    if (this.#epoch !== vu.epoch) return;
    const { origin, path } = this.#target;
    const { method, headers, body } = this.#sent!;
    const bodies = this.#type === 'none' ? undefined : bodiesUnderWay(vu.run);
    const exchange = new Exchange(this.#timeoutMs, bodies, this);
    const options = { origin, path, method, headers, body };
    vu.http.send(exchange, vu.run.settings?.noConnectionReuse === true ? { ...options, reset: true } : options);
  }

  /** Cookies of the jar and of `params.cookies`; those of the params win if they say `replace`. */
  #cookies(): readonly (readonly [string, string])[] {
    const fromJar = this.#jar.cookiesFor(this.#target.url);
    if (this.#ownCookies === undefined) return fromJar;
    const cookies = [...fromJar];
    for (const [name, given] of Object.entries(this.#ownCookies)) {
      const { value = '', replace = false } = typeof given === 'string' ? { value: given } : given;
      const inJar = cookies.findIndex(([known]) => known === name);
      if (inJar < 0) cookies.push([name, value]);
      else if (replace) cookies[inJar] = [name, value];
    }
    return cookies;
  }

  exchanged(exchange: Exchange): void {
    if (this.#epoch !== this.#vu.epoch) return;
    let failure: Failure | undefined = exchange.error === undefined ? undefined : failureOf(exchange.error);
    let bytes: Buffer | undefined;
    if (failure === undefined) {
      const setCookies = headerValues(exchange.rawHeaders, 'set-cookie');
      if (setCookies.length > 0) this.#jar.store(setCookies, this.#target.url);
      try {
        bytes = decodedBody(exchange);
      } catch {
        failure = failureOf(new RequestError('PAIRSTORM_DECOMPRESSION'));
      }
    }
    const response = new Response(this.#vu.run, this.#sent!, this.#type, exchange, bytes, failure);
    this.#record(response);
    if (failure === undefined && this.#redirectsLeft > 0 && this.#follow(response.status, exchange)) return;
    this.#finish(response, failure);
  }

  /** A request that could not even be tried. */
  #refuse(error: Error): void {
    const failure = failureOf(error);
    const sent = {
      method: this.#method,
      url: this.#target.url,
      headers: this.#headers,
      body: this.#content,
      cookies: [],
    };
    const response = new Response(this.#vu.run, sent, this.#type, undefined, undefined, failure);
    this.#record(response);
    this.#finish(response, failure);
  }

  #record(response: Response): void {
    const expected = this.#expected;
    const { status } = response;
    if (isOwnError(response.error_code)) {
      this.#vu.run.generatorSeries('generator_failed_requests', { error: response.error }).add(1);
    }
    recordRequest(
      this.#vu.run,
      this.#vu.scope,
      this.#method,
      expected === null ? undefined : status !== 0 && expected.has(status),
      this.#tags,
      response,
    );
  }

  /** Goes on to where a redirect points; false if there is nothing to follow. */
  #follow(status: number, exchange: Exchange): boolean {
    if (!(BECOMES_GET.has(status) || KEEPS_METHOD.has(status))) return false;
    const location = headerValues(exchange.rawHeaders, 'location')[0];
    const from = this.#target;
    if (location === undefined) return false;
    const next = URL.canParse(location, from.url) ? parseTarget(new URL(location, from.url).href) : undefined;
    if (next === undefined) return false;
    this.#redirectsLeft--;
    if (BECOMES_GET.has(status) && this.#method !== 'HEAD') {
      if (this.#method !== 'GET') this.#headers = withoutHeaders(this.#headers, ['content-type', 'content-length']);
      this.#method = 'GET';
      this.#content = null;
    }
    // Credentials are for the host they were given for.
    if (next.origin !== from.origin) this.#headers = withoutHeaders(this.#headers, ['authorization', 'cookie']);
    this.#target = next;
    this.#send();
    return true;
  }

  #finish(response: Response, failure: Failure | undefined): void {
    const { run } = this.#vu;
    this.#vu.taskEnded(this.#epoch);
    if (failure !== undefined) {
      if (run.settings?.throw === true) {
        this.#reject!(new run.realm.Error(failure.text));
        return;
      }
      run.requestFailed(failure.text, failure.code);
    }
    this.#resolve!(response);
  }
}

function cookieHeader(cookies: readonly (readonly [string, string])[]): string {
  let header = '';
  for (const [name, value] of cookies) header += header === '' ? `${name}=${value}` : `; ${name}=${value}`;
  return header;
}
