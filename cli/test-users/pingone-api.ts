import { setTimeout as delay } from 'node:timers/promises';
import { request } from 'undici';
import type { Dispatcher } from 'undici';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import { dispatcherTo } from '../../engine/http/proxied-dispatcher.ts';
import { proxyChoice } from '../../engine/http/proxy.ts';
import { proxiesOf } from '../proxy-environment.ts';

/** A request to PingOne's platform API, below the environment. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  /** Media type of the body; default: JSON. */
  readonly type?: string;
}

/** PingOne's answer. `code`: the most specific error code, with its target, of a refusal. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly code: string;
}

/** Where the API is, who asks, and how often. */
interface ApiPlace {
  /** Such as https://api.pingone.com/v1. */
  readonly api: string;
  readonly environment: string;
  readonly token: string;
  /** Requests per second. */
  readonly rate: number;
}

/** How often a request is sent that PingOne does not serve for now (429, 5xx, no answer). */
const ATTEMPTS = 6;
const TIMEOUT_MS = 30_000;
const LONGEST_PAUSE_MS = 60_000;

/** The worker's token is of no use any more, or was never: nothing else can succeed. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** PingOne's platform API with a worker's token, at a limited rate. */
export class PingOneApi {
  readonly #place: ApiPlace;
  readonly #dispatcher: Dispatcher;
  #nextAt = 0;
  /** Requests made. */
  requests = 0;

  /** By the proxies of the environment; throws a ConfigurationError for one that cannot be used. */
  constructor(place: ApiPlace) {
    this.#place = place;
    this.#dispatcher = dispatcherTo(place.api, proxyChoice(proxiesOf(process.env)));
  }

  /**
   * Sends a request, again if PingOne cannot serve it now. `wasDone`: asked before each repetition of a request that may
   * have been carried out although its answer was lost; true ends it as done (undefined). Throws TokenRefused, and a
   * ConfigurationError if PingOne does not answer at all.
   */
  async send(asked: ApiRequest, wasDone?: () => Promise<boolean>): Promise<ApiAnswer | undefined> {
    let why = '';
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (attempt > 1 && wasDone !== undefined && (await wasDone())) return undefined;
      const answer = await this.#once(asked);
      if (typeof answer === 'string') why = answer;
      else if (answer.status === 429 || answer.status >= 500) why = `HTTP ${answer.status}`;
      else {
        if (answer.status === 401) throw new TokenRefused('HTTP 401');
        if (answer.status === 403) throw new TokenRefused(`HTTP 403${answer.code === '' ? '' : `, ${answer.code}`}`);
        return answer;
      }
      const said = typeof answer === 'string' ? 0 : answer.retryAfterS * 1000;
      if (attempt < ATTEMPTS) await delay(Math.min(LONGEST_PAUSE_MS, Math.max(said, 250 * 2 ** attempt)));
    }
    throw new ConfigurationError(
      `PingOne at ${this.#place.api} did not serve a request in ${ATTEMPTS} attempts: ${why}`,
    );
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  /** One attempt; a text: why there was no answer. */
  async #once({ method, path, body, type }: ApiRequest): Promise<(ApiAnswer & { retryAfterS: number }) | string> {
    const { api, environment, token, rate } = this.#place;
    const now = Date.now();
    const wait = this.#nextAt - now;
    this.#nextAt = Math.max(now, this.#nextAt) + 1000 / rate;
    if (wait > 0) await delay(wait);
    this.requests++;
    try {
      const res = await request(`${api}/environments/${environment}${path}`, {
        method,
        dispatcher: this.#dispatcher,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
        headers: {
          authorization: `Bearer ${token}`,
          accept: 'application/json',
          'user-agent': 'pairstorm',
          ...(body !== undefined && { 'content-type': type ?? 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const content = jsonOf(await res.body.text());
      const retryAfterS = Number(res.headers['retry-after'] ?? 0) || 0;
      return { status: res.statusCode, body: content, code: codeOf(content), retryAfterS };
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      return typeof code === 'string' ? code : 'no answer';
    }
  }
}

function jsonOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** `INVALID_DATA/UNIQUENESS_VIOLATION at username`: words only, since messages may quote what was sent. */
function codeOf({ code, details }: Readonly<Record<string, unknown>>): string {
  const [detail] = (Array.isArray(details) ? details : []) as readonly { code?: unknown; target?: unknown }[];
  const codes = [code, detail?.code].filter((word): word is string => isWord(word)).join('/');
  return isWord(detail?.target) ? `${codes} at ${detail.target}` : codes;
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z_.]{1,60}$/.test(value);
}
