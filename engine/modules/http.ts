import type * as K6 from 'k6/http';
import { ExpectedStatuses, readExpectedStatuses } from '../http/expected-statuses.ts';
import { FileData } from '../http/request-body.ts';
import { HttpUrl, asyncRequest } from '../http/request.ts';
import { ScriptCookieJar } from '../http/script-cookie-jar.ts';
import { oncePerRun } from '../once-per-run.ts';
import type { TestRun } from '../test-run.ts';
import type { VirtualUser } from '../virtual-user.ts';
import { HTTP_CONSTANTS } from './http-constants.ts';
import { lackingCall } from './lacking-calls.ts';
import type { ModuleShape } from './lacking-calls.ts';
import { vuMembers } from './vu-members.ts';
import type { MembersOf } from './vu-members.ts';

/** A blocking function of k6/http, which ends the run. */
function blocking(run: TestRun, name: string): () => never {
  return () => run.unsupported(lackingCall('k6/http', name));
}

/** Members that do not depend on the VU. */
const sharedOf = oncePerRun((run) => {
  return {
    get: blocking(run, 'get'),
    head: blocking(run, 'head'),
    post: blocking(run, 'post'),
    put: blocking(run, 'put'),
    patch: blocking(run, 'patch'),
    del: blocking(run, 'del'),
    options: blocking(run, 'options'),
    request: blocking(run, 'request'),
    batch: blocking(run, 'batch'),
    url: (strings: readonly string[], ...values: readonly unknown[]) =>
      new HttpUrl(
        strings.map((part, at) => (at < values.length ? `${part}${String(values[at])}` : part)).join(''),
        strings.join('${}'),
      ),
    file: (data: unknown, filename?: string, contentType?: string) => new FileData(data, filename, contentType),
    expectedStatuses: (...args: readonly unknown[]) => readExpectedStatuses(args, run.realm.TypeError),
    CookieJar: ScriptCookieJar,
    FileData,
    ...HTTP_CONSTANTS,
  };
});

type Shared = ReturnType<typeof sharedOf>;

/** Accessors for shared members, so that a VU's module does not copy them all. */
const SHARED_MEMBERS = Object.fromEntries(
  [
    ...['get', 'head', 'post', 'put', 'patch', 'del', 'options', 'request', 'batch', 'url', 'file', 'expectedStatuses'],
    ...['CookieJar', 'FileData', ...Object.keys(HTTP_CONSTANTS)],
  ].map((name) => [name, ({ run }: VirtualUser) => sharedOf(run)[name as keyof Shared]]),
) as MembersOf<Shared>;

/** Module `k6/http` (k6-contract.md 6.2): asynchronous requests only. */
export const httpModule = vuMembers(SHARED_MEMBERS, {
  asyncRequest: (vu) => (method: unknown, url: unknown, body?: unknown, params?: unknown) =>
    asyncRequest(vu.http, method, url, body, params),
  cookieJar: (vu) => () => {
    if (!vu.busy)
      throw new vu.run.realm.Error(
        'http.cookieJar() is not available in the init context; make a `new http.CookieJar()` instead',
      );
    return new ScriptCookieJar(vu.http.jar);
  },
  setResponseCallback: (vu) => (callback: unknown) => {
    if (callback !== null && !(callback instanceof ExpectedStatuses)) {
      throw new vu.run.realm.TypeError('setResponseCallback() takes http.expectedStatuses(…) or null');
    }
    vu.http.expected = callback;
  },
}) satisfies (vu: VirtualUser) => ModuleShape<typeof K6>;
