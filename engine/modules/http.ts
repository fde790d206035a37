import type * as K6 from 'k6/http';
import { CookieJar } from '../http/cookie-jar.ts';
import type { CookieAttributes } from '../http/cookie-jar.ts';
import { ExpectedStatuses, readExpectedStatuses } from '../http/expected-statuses.ts';
import { HttpUrl, asyncRequest, jarsOfScript } from '../http/request.ts';
import { FileData } from '../http/request-body.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { HTTP_CONSTANTS } from './http-constants.ts';
import type { ModuleShape } from './module-shape.ts';

/** A cookie jar as scripts hold it (`@types/k6` CookieJar). */
class ScriptCookieJar {
  constructor(jar = new CookieJar()) {
    jarsOfScript.set(this, jar);
  }

  cookiesForURL(url: unknown): Record<string, string[]> {
    const cookies: Record<string, string[]> = {};
    for (const [name, value] of jarOf(this).cookiesFor(String(url))) (cookies[name] ??= []).push(value);
    return cookies;
  }

  set(url: unknown, name: unknown, value: unknown, attributes?: CookieAttributes | null): void {
    jarOf(this).set(String(url), String(name), String(value), attributes ?? {});
  }

  clear(url: unknown): void {
    jarOf(this).remove(String(url));
  }

  delete(url: unknown, name: unknown): void {
    jarOf(this).remove(String(url), String(name));
  }
}

function jarOf(script: object): CookieJar {
  return jarsOfScript.get(script)!;
}

/** What a blocking function of k6/http says here: the engine has one thread for all VUs. */
function blocking({ run }: VirtualUser, name: string, instead: string): () => never {
  return () => {
    throw new run.realm.Error(
      `http.${name}() is not supported by this engine: it would block every other VU; write \`${instead}\``,
    );
  };
}

/** Module `k6/http` (k6-contract.md 6.2): asynchronous requests only. */
export function httpModule(vu: VirtualUser) {
  const { realm } = vu.run;
  const verb = (name: string, method: string, args: string): (() => never) =>
    blocking(vu, name, `await http.asyncRequest('${method}', ${args})`);
  return {
    asyncRequest: (method: unknown, url: unknown, body?: unknown, params?: unknown) =>
      asyncRequest(vu, method, url, body, params),
    get: verb('get', 'GET', 'url, null, params'),
    head: verb('head', 'HEAD', 'url, null, params'),
    post: verb('post', 'POST', 'url, body, params'),
    put: verb('put', 'PUT', 'url, body, params'),
    patch: verb('patch', 'PATCH', 'url, body, params'),
    del: verb('del', 'DELETE', 'url, body, params'),
    options: verb('options', 'OPTIONS', 'url, body, params'),
    request: blocking(vu, 'request', 'await http.asyncRequest(method, url, body, params)'),
    batch: blocking(vu, 'batch', 'await Promise.all([http.asyncRequest(…), …])'),
    url: (strings: readonly string[], ...values: readonly unknown[]) =>
      new HttpUrl(
        strings.map((part, at) => (at < values.length ? `${part}${String(values[at])}` : part)).join(''),
        strings.join('${}'),
      ),
    file: (data: unknown, filename?: string, contentType?: string) => new FileData(data, filename, contentType),
    cookieJar: () => {
      if (!vu.busy)
        throw new realm.Error('http.cookieJar() needs a running function; make a `new http.CookieJar()` instead');
      return new ScriptCookieJar(vu.http.jar);
    },
    expectedStatuses: (...args: readonly unknown[]) => readExpectedStatuses(args, realm.TypeError),
    setResponseCallback: (callback: unknown) => {
      if (callback !== null && !(callback instanceof ExpectedStatuses)) {
        throw new realm.TypeError('setResponseCallback() takes http.expectedStatuses(…) or null');
      }
      vu.http.expected = callback;
    },
    CookieJar: ScriptCookieJar,
    FileData,
    ...HTTP_CONSTANTS,
  } satisfies ModuleShape<typeof K6>;
}
