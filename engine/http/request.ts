import { parseDuration } from '../duration.ts';
import type { VirtualUser } from '../virtual-user.ts';
import type { CookieJar } from './cookie-jar.ts';
import { Exchange } from './exchange.ts';
import { ExpectedStatuses } from './expected-statuses.ts';
import { RequestError, failureOf } from './failure.ts';
import type { Failure } from './failure.ts';
import { headerValues } from './raw-headers.ts';
import { requestBody } from './request-body.ts';
import { Response, decodedBody } from './response.ts';
import type { ResponseType } from './response.ts';
import { waitForRate } from './request-rate.ts';
import { recordRequest } from './samples.ts';
import { parseTarget } from './target.ts';
import type { Target } from './target.ts';
import type { Tags } from '../metrics/series.ts';

/** `Params` of a request (k6-contract.md 6.2), as a script may give them. */
export interface RequestParams {
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string | { readonly value?: string; readonly replace?: boolean }>>;
  readonly jar?: unknown;
  readonly redirects?: number;
  readonly tags?: Tags;
  readonly timeout?: string | number;
  readonly responseType?: ResponseType;
  readonly responseCallback?: unknown;
  readonly auth?: string;
  readonly compression?: string;
}

/** The jar behind a script's `http.CookieJar`. */
export const jarsOfScript = new WeakMap<object, CookieJar>();

/** Redirects after which GET follows, whatever was sent (RFC 9110 15.4); HEAD stays HEAD. */
const BECOMES_GET = new Set([301, 302, 303]);
const KEEPS_METHOD = new Set([307, 308]);
const DEFAULT_TIMEOUT_MS = 60_000;

/** A request on its way through its hops. */
interface Job {
  readonly vu: VirtualUser;
  readonly epoch: number;
  method: string;
  target: Target;
  content: string | Buffer | null;
  readonly headers: Record<string, string>;
  readonly params: RequestParams;
  readonly jar: CookieJar;
  readonly expected: ExpectedStatuses | null;
  readonly type: ResponseType;
  readonly deadline: number;
  redirectsLeft: number;
  readonly resolve: (response: Response) => void;
  readonly reject: (error: Error) => void;
}

/** Sends a request; the promise belongs to the script's realm. Throws on arguments that cannot be used. */
export function asyncRequest(
  vu: VirtualUser,
  method: unknown,
  url: unknown,
  body: unknown,
  given: unknown,
): Promise<Response> {
  const { realm, settings } = vu.run;
  if (!vu.busy)
    throw new realm.Error('http.asyncRequest() needs a running function; it does not work in the init context');
  const { text: urlText, name } = urlOf(url);
  let params = (given ?? {}) as RequestParams;
  if (name !== undefined && params.tags?.['name'] === undefined) params = { ...params, tags: { ...params.tags, name } };
  if (params.compression !== undefined) throw new realm.Error('params.compression is not supported by this engine');
  if (params.auth !== undefined && params.auth !== 'basic') {
    throw new realm.Error(`params.auth '${params.auth}' is not supported by this engine; only 'basic' is`);
  }
  const encoded = requestBody(body, realm);
  const headers: Record<string, string> = { ...params.headers };
  if (encoded.contentType !== undefined && !hasHeader(headers, 'content-type'))
    headers['Content-Type'] = encoded.contentType;
  const userAgent = settings?.userAgent ?? '';
  if (userAgent !== '' && !hasHeader(headers, 'user-agent')) headers['User-Agent'] = userAgent;
  const timeoutMs = params.timeout === undefined ? DEFAULT_TIMEOUT_MS : parseDuration(params.timeout, 'params.timeout');
  const target = parseTarget(urlText);
  const upper = String(method).toUpperCase();
  return new realm.Promise<Response>((resolve, reject) => {
    const job: Job = {
      vu,
      epoch: vu.epoch,
      method: upper,
      target: target ?? { url: urlText, origin: '', path: '', secure: false },
      content: encoded.content,
      headers,
      params,
      jar:
        (typeof params.jar === 'object' && params.jar !== null ? jarsOfScript.get(params.jar) : undefined) ??
        vu.http.jar,
      expected: params.responseCallback instanceof ExpectedStatuses ? params.responseCallback : vu.http.expected,
      type: params.responseType ?? (settings?.discardResponseBodies === true ? 'none' : 'text'),
      deadline: timeoutMs,
      redirectsLeft: params.redirects ?? settings?.maxRedirects ?? 10,
      resolve,
      reject,
    };
    vu.taskStarted();
    if (target === undefined) refuse(job, new RequestError('PAIRSTORM_URL'));
    else send(job);
  });
}

/** A URL as text, and the name that a tagged template gives it. */
function urlOf(url: unknown): { readonly text: string; readonly name?: string } {
  if (url instanceof HttpUrl) return { text: url.url, name: url.name };
  return { text: String(url) };
}

/** What `` http.url`…` `` gives. */
export class HttpUrl {
  readonly url: string;
  readonly name: string;
  constructor(url: string, name: string) {
    this.url = url;
    this.name = name;
  }

  toString(): string {
    return this.url;
  }
}

function hasHeader(headers: Readonly<Record<string, string>>, lowerName: string): boolean {
  for (const name in headers) if (name.length === lowerName.length && name.toLowerCase() === lowerName) return true;
  return false;
}

function send(job: Job): void {
  const { vu, target, headers } = job;
  const cookies = cookiesOf(job);
  const wire: Record<string, string> = { ...headers };
  if (cookies.length > 0 && !hasHeader(headers, 'cookie'))
    wire['Cookie'] = cookies.map(([n, v]) => `${n}=${v}`).join('; ');
  if (target.authorization !== undefined && !hasHeader(headers, 'authorization'))
    wire['Authorization'] = target.authorization;
  const waitMs = waitForRate(vu.run);
  if (waitMs > 0) setTimeout(() => dispatch(job, wire, cookies), waitMs);
  else dispatch(job, wire, cookies);
}

/** Puts a request on the wire, unless its iteration has been cut off while it waited. */
function dispatch(job: Job, wire: Record<string, string>, cookies: readonly (readonly [string, string])[]): void {
  const { vu, target } = job;
  if (job.epoch !== vu.epoch) return;
  const connection = vu.http.connectionTo(target.origin);
  new Exchange(
    connection,
    {
      origin: target.origin,
      path: target.path,
      method: job.method,
      headers: wire,
      body: job.content,
      ...(vu.run.settings?.noConnectionReuse === true ? { reset: true } : {}),
    },
    job.deadline,
    job.type !== 'none',
    (exchange) => received(job, exchange, wire, cookies),
  );
}

/** Cookies of the jar and of `params.cookies`; those of the params win if they say `replace`. */
function cookiesOf({ jar, target, params }: Job): readonly (readonly [string, string])[] {
  const fromJar = jar.cookiesFor(target.url);
  if (params.cookies === undefined) return fromJar;
  const cookies = [...fromJar];
  for (const [name, given] of Object.entries(params.cookies)) {
    const { value = '', replace = false } = typeof given === 'string' ? { value: given } : given;
    const inJar = cookies.findIndex(([known]) => known === name);
    if (inJar < 0) cookies.push([name, value]);
    else if (replace) cookies[inJar] = [name, value];
  }
  return cookies;
}

function received(
  job: Job,
  exchange: Exchange,
  headers: Record<string, string>,
  cookies: readonly (readonly [string, string])[],
): void {
  const { vu } = job;
  if (job.epoch !== vu.epoch) return;
  let failure: Failure | undefined = exchange.error === undefined ? undefined : failureOf(exchange.error);
  let bytes: Buffer | undefined;
  if (failure === undefined) {
    job.jar.store(headerValues(exchange.rawHeaders, 'set-cookie'), job.target.url);
    try {
      bytes = decodedBody(exchange);
    } catch {
      failure = failureOf(new RequestError('PAIRSTORM_DECOMPRESSION'));
    }
  }
  const sent = { method: job.method, url: job.target.url, headers, body: job.content, cookies };
  const response = new Response(vu.run, sent, job.type, exchange, bytes, failure);
  record(job, response);
  if (failure === undefined && follow(job, response.status, exchange)) return;
  finish(job, response, failure);
}

/** A request that could not even be tried. */
function refuse(job: Job, error: Error): void {
  const failure = failureOf(error);
  const sent = { method: job.method, url: job.target.url, headers: job.headers, body: job.content, cookies: [] };
  const response = new Response(job.vu.run, sent, job.type, undefined, undefined, failure);
  record(job, response);
  finish(job, response, failure);
}

function record({ vu, expected, params, method }: Job, response: Response): void {
  recordRequest(vu.run, vu.scope, {
    method,
    url: response.url,
    status: response.status,
    error: response.error,
    errorCode: response.error_code,
    tlsVersion: response.tls_version,
    expected: expected === null ? undefined : response.status !== 0 && expected.has(response.status),
    tags: params.tags,
    timings: response.timings,
  });
}

/** Goes on to where a redirect points; false if there is nothing to follow. */
function follow(job: Job, status: number, exchange: Exchange): boolean {
  if (job.redirectsLeft <= 0 || !(BECOMES_GET.has(status) || KEEPS_METHOD.has(status))) return false;
  const location = headerValues(exchange.rawHeaders, 'location')[0];
  if (location === undefined) return false;
  const next = URL.canParse(location, job.target.url) ? parseTarget(new URL(location, job.target.url).href) : undefined;
  if (next === undefined) return false;
  job.redirectsLeft--;
  if (BECOMES_GET.has(status) && job.method !== 'HEAD') {
    if (job.method !== 'GET') dropHeaders(job.headers, ['content-type', 'content-length']);
    job.method = 'GET';
    job.content = null;
  }
  // Credentials are for the host they were given for.
  if (next.origin !== job.target.origin) dropHeaders(job.headers, ['authorization', 'cookie']);
  job.target = next;
  send(job);
  return true;
}

function dropHeaders(headers: Record<string, string>, names: readonly string[]): void {
  for (const name of Object.keys(headers))
    if (names.includes(name.toLowerCase())) Reflect.deleteProperty(headers, name);
}

function finish({ vu, epoch, resolve, reject }: Job, response: Response, failure: Failure | undefined): void {
  vu.taskEnded(epoch);
  if (failure === undefined) {
    resolve(response);
    return;
  }
  if (vu.run.settings?.throw === true) reject(new vu.run.realm.Error(failure.text));
  else {
    vu.run.warnOften(
      `requests failed: ${failure.text}`,
      `Request Failed: ${failure.text} (error_code ${failure.code})`,
    );
    resolve(response);
  }
}
