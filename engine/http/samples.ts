import type { BuiltInName } from '../../catalogue/metrics.ts';
import { isOwnError } from '../../catalogue/failure-sides.ts';
import type { Tags } from '../../contract/series-counts.ts';
import { TagNode, nodeOf } from '../../contract/tag-node.ts';
import type { SampleScope, Sink } from './ports.ts';
import type { Response } from './response.ts';
import type { HttpSession } from './session.ts';

/** What samples need to know of a request besides its answer. */
interface AnsweredRequest {
  readonly method: string;
  /** Undefined if the response callback is switched off. */
  readonly expected: boolean | undefined;
  readonly tags: Tags | undefined;
}

/** The series for one kind of request. */
interface RequestSeries {
  readonly reqs: Sink;
  readonly duration: Sink;
  readonly blocked: Sink;
  readonly connecting: Sink;
  readonly tls: Sink;
  readonly sending: Sink;
  readonly waiting: Sink;
  readonly receiving: Sink;
  readonly failed: Sink | undefined;
}

/** Series by method, outcome and TLS version, encoded as one small integer. */
type ByOutcome = Map<number, RequestSeries>;

/** The kinds of request in a scope. */
interface RequestKinds {
  /** By tags, and by URL where these have no name. */
  readonly byTags: TagNode<ByOutcome>;
  /** Number of cached kinds. */
  remembered: number;
}

/** Maximum number of cached kinds per scope; further ones are looked up by tags each time. */
const REMEMBERED = 4_000;
const kindsOf = new WeakMap<SampleScope, RequestKinds>();

/** Assigns small numbers to a limited set of texts. */
class Numbering {
  readonly #numbers = new Map<string, number>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** The number of a text, from 0; undefined if there are too many texts. */
  of(text: string): number | undefined {
    let number = this.#numbers.get(text);
    if (number === undefined && (number = this.#numbers.size) < this.#most) this.#numbers.set(text, number);
    return number < this.#most ? number : undefined;
  }
}

const METHODS = new Numbering(2 ** 13);
const TLS_VERSIONS = new Numbering(2 ** 3);

/**
 * Method, outcome and TLS version in 30 bits. Failure codes (status 0) are 1000 to 1701, so that one field holds either
 * a status or a code.
 */
function outcomeNumber({ method, expected }: AnsweredRequest, response: Response): number | undefined {
  const methodNumber = METHODS.of(method);
  const tlsNumber = TLS_VERSIONS.of(response.tls_version);
  const outcome = response.status === 0 ? response.error_code : response.status;
  if (methodNumber === undefined || tlsNumber === undefined || outcome > 0xfff) return undefined;
  return (methodNumber << 17) | (tlsNumber << 14) | (outcome << 2) | (expected === undefined ? 2 : Number(expected));
}

function outcomesOf(kinds: RequestKinds, tags: Tags | undefined, url: string): ByOutcome | undefined {
  const make = kinds.remembered < REMEMBERED;
  let node = tags === undefined ? kinds.byTags : nodeOf(kinds.byTags, tags, make);
  if (tags?.['name'] === undefined) node = node?.with(UNNAMED, url, make);
  if (node === undefined) return undefined;
  if (node.cached === undefined) {
    node.cached = new Map<number, RequestSeries>();
    kinds.remembered++;
  }
  return node.cached;
}

/** In place of a name: no tag of a script, as it has no character. */
const UNNAMED = '';

/** Records the nine samples of a request (k6-contract.md 4.2) with two look-ups and nine additions. */
export function recordRequest(session: HttpSession, request: AnsweredRequest, response: Response): void {
  const { scope } = session.caller;
  let kinds = kindsOf.get(scope);
  if (kinds === undefined) kindsOf.set(scope, (kinds = { byTags: new TagNode(), remembered: 0 }));
  const number = outcomeNumber(request, response);
  const outcomes = number === undefined ? undefined : outcomesOf(kinds, request.tags, response.url);
  let series = outcomes?.get(number!);
  if (series === undefined) {
    series = requestSeries(session, request, response);
    outcomes?.set(number!, series);
  }
  const { timings } = response;
  series.reqs.add(1);
  series.duration.add(timings.duration);
  series.blocked.add(timings.blocked);
  series.connecting.add(timings.connecting);
  series.tls.add(timings.tls_handshaking);
  series.sending.add(timings.sending);
  series.waiting.add(timings.waiting);
  series.receiving.add(timings.receiving);
  if (series.failed !== undefined) series.failed.add(request.expected === true ? 0 : 1);
}

/** System tags of a request (k6-contract.md 4.3); a script's `name` also replaces the URL. */
function requestSeries(
  { caller, client }: HttpSession,
  { method, expected, tags }: AnsweredRequest,
  { status, error, error_code: errorCode, tls_version: tlsVersion, url }: Response,
): RequestSeries {
  const name = tags?.['name'] ?? caller.scope.tags['name'] ?? url;
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
    if (value === undefined || !client.host.hasSystemTag(tag)) continue;
    own[tag] = value;
  }
  const of = (metric: BuiltInName): Sink => caller.series(metric, own);
  return {
    reqs: of('http_reqs'),
    duration: of('http_req_duration'),
    blocked: of('http_req_blocked'),
    connecting: of('http_req_connecting'),
    tls: of('http_req_tls_handshaking'),
    sending: of('http_req_sending'),
    waiting: of('http_req_waiting'),
    receiving: of('http_req_receiving'),
    // A failure of the load generator says nothing about the target; `generator_failed_requests` counts it.
    failed: expected === undefined || isOwnError(errorCode) ? undefined : of('http_req_failed'),
  };
}
