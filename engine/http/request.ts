import type { Tags } from '../../contract/series-counts.ts';
import { readDuration } from '../../contract/duration.ts';
import { ExpectedStatuses } from './expected-statuses.ts';
import { requestBody } from './request-body.ts';
import { RequestJob } from './request-job.ts';
import type { GivenCookies } from './request-job.ts';
import type { Response, ResponseType } from './response.ts';
import { ScriptCookieJar } from './script-cookie-jar.ts';
import type { HttpSession } from './session.ts';
import { addHeader, wireHeaders } from './wire-headers.ts';

/** `Params` of a request (k6-contract.md 6.2) as given by a script. */
interface RequestParams {
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: GivenCookies;
  readonly jar?: unknown;
  readonly redirects?: number;
  readonly tags?: Tags;
  readonly timeout?: string | number;
  readonly responseType?: ResponseType;
  readonly responseCallback?: unknown;
  readonly auth?: string;
  readonly compression?: string;
  /** Our own, ignored by k6: see `RequestOrder.resend`. */
  readonly resendOnReused?: boolean;
}

const NO_PARAMS: RequestParams = {};
const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_REDIRECTS = 10;

/** Sends a request; the promise is of the script's realm. Throws on invalid arguments. */
export function asyncRequest(
  session: HttpSession,
  method: unknown,
  url: unknown,
  body: unknown,
  given: unknown,
): Promise<Response> {
  const { host } = session.client;
  const { realm, settings } = host;
  if (!session.caller.busy)
    throw new realm.Error('http.asyncRequest() is not available in the init context; call it in a running function');
  let params = (given ?? NO_PARAMS) as RequestParams;
  const urlText = url instanceof HttpUrl ? url.url : String(url);
  if (url instanceof HttpUrl && params.tags?.['name'] === undefined)
    params = { ...params, tags: { ...params.tags, name: url.name } };
  if (params.compression !== undefined)
    host.unsupported('params.compression is not supported by this engine; send the body uncompressed');
  if (params.auth !== undefined && params.auth !== 'basic') {
    host.unsupported(`params.auth '${params.auth}' is not supported by this engine; only 'basic' is`);
  }
  const { content, contentType } = requestBody(body, realm);
  const headers = wireHeaders(params.headers);
  if (contentType !== undefined) addHeader(headers, 'Content-Type', contentType);
  const userAgent = settings?.userAgent ?? '';
  if (userAgent !== '') addHeader(headers, 'User-Agent', userAgent);
  const { responseCallback, timeout } = params;
  const job = new RequestJob(session, {
    method: String(method).toUpperCase(),
    target: session.targetOf(urlText),
    content,
    headers,
    tags: params.tags,
    cookies: params.cookies,
    jar: ScriptCookieJar.behind(params.jar) ?? session.jar,
    expected: responseCallback instanceof ExpectedStatuses ? responseCallback : session.expected,
    type: params.responseType ?? (settings?.discardResponseBodies === true ? 'none' : 'text'),
    timeoutMs: timeout === undefined ? DEFAULT_TIMEOUT_MS : readDuration(timeout, 'params.timeout'),
    redirects: params.redirects ?? settings?.maxRedirects ?? DEFAULT_REDIRECTS,
    resend: params.resendOnReused,
  });
  return new realm.Promise<Response>((resolve, reject) => job.start(resolve, reject));
}

/** Result of `` http.url`…` ``. */
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
