import type { BuiltInName } from '../metrics/built-in.ts';
import { tagKey } from '../metrics/tag-scope.ts';
import type { TagScope } from '../metrics/tag-scope.ts';
import type { AnySeries, Tags } from '../metrics/series.ts';
import type { TestRun } from '../test-run.ts';
import type { Timings } from './exchange.ts';

/** What the tags and samples of one request are made of. */
export interface RequestOutcome {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly error: string;
  readonly errorCode: number;
  readonly tlsVersion: string;
  /** Undefined: the response callback is switched off. */
  readonly expected: boolean | undefined;
  readonly tags: Tags | undefined;
  readonly timings: Timings;
}

/** The series that one kind of request feeds. */
interface RequestSeries {
  readonly reqs: AnySeries;
  readonly duration: AnySeries;
  readonly blocked: AnySeries;
  readonly connecting: AnySeries;
  readonly tls: AnySeries;
  readonly sending: AnySeries;
  readonly waiting: AnySeries;
  readonly receiving: AnySeries;
  readonly failed: AnySeries | undefined;
}

const keysOfFrozen = new WeakMap<object, string>();

function keyOf(tags: Tags): string {
  const known = keysOfFrozen.get(tags);
  if (known !== undefined) return known;
  const key = tagKey(tags);
  if (Object.isFrozen(tags)) keysOfFrozen.set(tags, key);
  return key;
}

/** Records the nine samples of a request (k6-contract.md 4.2): one look-up, nine additions. */
export function recordRequest(run: TestRun, scope: TagScope, outcome: RequestOutcome): void {
  const { tags, method, status, errorCode, expected, url, tlsVersion } = outcome;
  const name = tags?.['name'];
  const key = `${method} ${status} ${errorCode} ${String(expected)} ${tlsVersion} ${name ?? url} ${tags === undefined ? '' : keyOf(tags)}`;
  let series = scope.bundles.get(key) as RequestSeries | undefined;
  if (series === undefined) {
    series = requestSeries(run, scope, outcome);
    if (scope.bundles.size < 4_000) scope.bundles.set(key, series);
  }
  const { timings } = outcome;
  series.reqs.add(1);
  series.duration.add(timings.duration);
  series.blocked.add(timings.blocked);
  series.connecting.add(timings.connecting);
  series.tls.add(timings.tls_handshaking);
  series.sending.add(timings.sending);
  series.waiting.add(timings.waiting);
  series.receiving.add(timings.receiving);
  if (series.failed !== undefined) series.failed.add(expected === true ? 0 : 1);
}

/** System tags of a request (k6-contract.md 4.3); a `name` of the script's takes the place of the URL too. */
function requestSeries(run: TestRun, scope: TagScope, outcome: RequestOutcome): RequestSeries {
  const { tags, method, status, error, errorCode, expected, tlsVersion } = outcome;
  const name = tags?.['name'] ?? scope.tags['name'] ?? outcome.url;
  const system: Record<string, string | undefined> = {
    proto: status === 0 ? undefined : 'HTTP/1.1',
    status: String(status),
    method,
    url: name,
    name,
    error: error === '' ? undefined : error,
    error_code: errorCode === 0 ? undefined : String(errorCode),
    tls_version: tlsVersion === '' ? undefined : tlsVersion,
    expected_response: expected === undefined ? undefined : String(expected),
  };
  const own: Record<string, string> = { ...tags };
  for (const [tag, value] of Object.entries(system)) {
    if (value === undefined || !run.hasSystemTag(tag)) continue;
    own[tag] = value;
  }
  const of = (metric: BuiltInName): AnySeries => scope.series(run.registry.builtIn(metric), own);
  return {
    reqs: of('http_reqs'),
    duration: of('http_req_duration'),
    blocked: of('http_req_blocked'),
    connecting: of('http_req_connecting'),
    tls: of('http_req_tls_handshaking'),
    sending: of('http_req_sending'),
    waiting: of('http_req_waiting'),
    receiving: of('http_req_receiving'),
    failed: expected === undefined ? undefined : of('http_req_failed'),
  };
}
