import http from 'k6/http';
import type { Params } from 'k6/http';
import { STORM } from '../../catalogue/steps.ts';
import type { ClientStep } from '../../catalogue/steps.ts';
import type { FailureStep } from '../../contract/failure-line.ts';
import type { ActionId } from '../../protocol/action-ids.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import {
  ACTION_MEDIA_TYPE,
  ACTION_QUERY_PARAMETER,
  COOKIELESS,
  PATHS,
  SESSION_COOKIE,
  XSRF_HEADER,
} from '../../protocol/transport.ts';
import type { HumanTime } from '../think-time.ts';
import { jsonObject } from '../json-object.ts';
import type { HttpAnswer } from '../json-object.ts';
import { sample } from '../metrics.ts';
import type { Settings } from '../settings.ts';
import { cookielessState, errorAnswer, flowAnswer, tokenAnswer } from './answer.ts';
import type { ErrorAnswer, FlowAnswer, TokenAnswer } from './answer.ts';
import { clientForm, formEncode, startParameters } from './client-authentication.ts';
import type { FlowWatch } from './flow-watch.ts';
import { classOf, pauseBeforeRetry } from './retry.ts';
import { statusName } from './words.ts';

/** Expected statuses for an error that the inventory provokes; it does not count as a failed request. */
const EXPECTED = {
  refused: http.expectedStatuses({ min: 200, max: 399 }, 400),
  gone: http.expectedStatuses({ min: 200, max: 399 }, 404),
};

/** Tags by step: the same frozen object for all requests of a step, created at the first. */
const TAGS: Partial<Record<ClientStep | typeof STORM, Record<string, string>>> = {};

/** Media types by action, made at the first of each. */
const MEDIA_TYPES = Object.create(null) as Record<string, string>;

/** An error that the virtual user provokes on purpose. */
type Expectation = keyof typeof EXPECTED;

/** What the userinfo or introspection endpoint answered. */
type ClaimsAnswer = { readonly is: 'claims'; readonly claims: Readonly<Record<string, unknown>> } | ErrorAnswer;
/** An engine option that k6 ignores: resend a request that a dead reused connection swallowed. */
type EngineParams = Params & { resendOnReused?: boolean | undefined };

/** An answer and its body as a JSON object, read once. */
interface Exchange {
  readonly res: HttpAnswer;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly attempts: number;
}

/** What plays a flow, and how. */
interface ClientOfFlow {
  readonly settings: Settings;
  /** PingFederate's base URL. */
  readonly pf: string;
  readonly profile: ClientProfile;
  readonly time: HumanTime;
  /** Unix milliseconds after which nothing is retried. */
  readonly deadline: number;
  /** Distinguishes the user in random draws. */
  readonly key: string;
  /** Notified of each request. */
  readonly watch?: FlowWatch | undefined;
}

/** A client's storm: its length, the first error, and the cap that slowed it down. */
export interface Storm {
  readonly ms: number;
  readonly http: string;
  readonly held: 'no' | 'user' | 'run';
}

/**
 * Client of one flow of the Authentication API: updates cookie, flow id and state from each answer, measures each
 * request once, and keeps the steps for a failure report. One instance per flow.
 */
export class FlowClient {
  /** Requests made, for the report of a failed flow. */
  readonly steps: FailureStep[] = [];
  /** Sum of request durations in milliseconds: server time. */
  machineMs = 0;
  /** Whether any request was answered; otherwise the server time of 0 means nothing. */
  answered = false;
  /** Undefined if there was none. */
  storm: Storm | undefined;
  /** Requests sent, and requests without retries. */
  #sent = 0;
  #meant = 0;
  readonly #of: ClientOfFlow;
  readonly #settings: Settings;
  readonly #pf: string;
  readonly #jar = new http.CookieJar();
  readonly #userAgent: string;
  /** The flow resource; empty before the first answer. */
  #flowUrl = '';
  #flowId = '';
  #state: string | undefined;
  /** Last session cookie that the client accepted, for profiles that do not accept every one. */
  #cookie: string | undefined;

  constructor(of: ClientOfFlow) {
    this.#of = of;
    this.#settings = of.settings;
    this.#pf = of.pf;
    // Both the real client's and ours, so that operators can tell where the load comes from.
    this.#userAgent = `${of.profile.userAgent} pairstorm`;
  }

  /** Requests sent per request without retries; 1 if nothing was retried. */
  get amplification(): number {
    return this.#sent / this.#meant;
  }

  /** Starts a redirectless flow. `verifier`: PKCE code verifier, or undefined without PKCE. `more`: further parameters. */
  start(state: string, verifier: string | undefined, more: Readonly<Record<string, string>> = {}): Promise<FlowAnswer> {
    const query = startParameters(this.#settings, state, verifier, more);
    const { startBy, startType, startParametersIn: place } = this.#of.profile;
    const form = formEncode(query);
    const url = this.#pf + PATHS.authorization;
    const headers: Record<string, string> = startType === '' ? {} : { 'Content-Type': startType };
    let body: string | null = null;
    if (startBy === 'POST')
      body = place === 'query' ? '{}' : place === 'form' ? form : JSON.stringify({ protocolParameters: query });
    const whole = place === 'query' ? `${url}?${form}` : url;
    return this.#send('start', startBy, whole, body, headers, undefined, (exchange) => {
      if (exchange.res.status !== 0) sample('starts_answered', 1, {});
      return this.#follow('start', exchange);
    });
  }

  /** Reads the flow without changing its state. */
  read(expect?: Expectation): Promise<FlowAnswer> {
    return this.#get('readFlow', expect);
  }

  /** Polls as the profile does: by `poll`, or by reading the flow. */
  poll(expect?: Expectation): Promise<FlowAnswer> {
    return this.#of.profile.waitsBy === 'poll' ? this.act('poll', {}, expect) : this.#get('poll', expect);
  }

  /**
   * Reads the flow again after an error while waiting, as a client without a pause does. Tagged apart from the flow's
   * steps (`peer` too); only the last one is kept for a report.
   */
  async askAgain(): Promise<FlowAnswer> {
    const headers = this.#dress({}, 'poll');
    const answered = this.#of.watch?.asks();
    const exchange = this.#read(STORM, 'GET', await this.#ask(STORM, 'GET', this.#flowUrl, null, headers), answered);
    if (this.steps.at(-1)?.step === STORM) this.steps.pop();
    return this.#follow(STORM, exchange);
  }

  /** Performs an action with its model. */
  act(action: ActionId, body: object, expect?: Expectation): Promise<FlowAnswer> {
    return this.#perform(action, action, body, expect);
  }

  /** Performs a custom action of this deployment; measured as `customAction`. */
  actCustom(action: string, body: object): Promise<FlowAnswer> {
    return this.#perform('customAction', action, body);
  }

  /** Redeems the code (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
  token(code: string, verifier: string | undefined, expect?: Expectation): Promise<TokenAnswer> {
    const fields = { grant_type: 'authorization_code', code, code_verifier: verifier };
    const { form, headers } = clientForm(this.#settings, fields);
    return this.#send('token', 'POST', this.#pf + PATHS.token, form, headers, expect, ({ res, body }) => {
      const answer = tokenAnswer(res, body);
      this.#record('token', res, answer.is === 'tokens' ? undefined : answer.code);
      return answer;
    });
  }

  /** Claims from userinfo or from introspection of an access token (OpenID Connect Core 5.3, RFC 7662). */
  claims(from: 'userinfo' | 'introspect', accessToken: string): Promise<ClaimsAnswer> {
    const { form, headers } = clientForm(this.#settings, { token: accessToken, token_type_hint: 'access_token' });
    const read = ({ res, body: claims }: Exchange): ClaimsAnswer => {
      const answer: ClaimsAnswer =
        res.status === 200 && claims !== undefined ? { is: 'claims', claims } : errorAnswer(res, claims);
      this.#record(from, res, answer.is === 'claims' ? undefined : answer.code);
      return answer;
    };
    const bearer = { Authorization: `Bearer ${accessToken}` };
    return from === 'userinfo'
      ? this.#send(from, 'GET', this.#pf + PATHS.userinfo, null, bearer, undefined, read)
      : this.#send(from, 'POST', this.#pf + PATHS.introspect, form, headers, undefined, read);
  }

  /** Notes a failure on the phone's side, for the report of a failed flow. */
  note(step: string, error: string): void {
    this.steps.push({ step, http: 0, ms: 0, error: error.slice(0, 60) });
  }

  #get(step: 'readFlow' | 'poll', expect?: Expectation): Promise<FlowAnswer> {
    return this.#send(step, 'GET', this.#flowUrl, null, {}, expect, (exchange) => this.#follow(step, exchange));
  }

  /** Not `async`, as is nothing that each request goes through: a frame costs more than a closure (bench/RESULTS.md). */
  #perform(step: ClientStep, action: string, body: object, expect?: Expectation): Promise<FlowAnswer> {
    const byType = this.#settings.actionStyle === 'type';
    const url = byType ? this.#flowUrl : `${this.#flowUrl}?${ACTION_QUERY_PARAMETER}=${action}`;
    const type = byType
      ? (MEDIA_TYPES[action] ??= ACTION_MEDIA_TYPE.prefix + action + ACTION_MEDIA_TYPE.suffix)
      : 'application/json';
    return this.#send(step, 'POST', url, JSON.stringify(body), { 'Content-Type': type }, expect, (exchange) => {
      const answer = this.#follow(step, exchange);
      // If a retried action is no longer allowed, an earlier attempt performed it and its answer was lost.
      const wasPerformed = exchange.attempts > 1 && answer.is === 'refused' && answer.code === 'INVALID_ACTION_ID';
      return wasPerformed ? this.read() : answer;
    });
  }

  /** Sends a request, again if the settings allow it and it is safe; resolves to what `read` makes of the last answer. */
  #send<T>(
    step: ClientStep,
    method: 'GET' | 'POST',
    url: string,
    body: string | null,
    headers: Record<string, string>,
    expect: Expectation | undefined,
    read: (exchange: Exchange) => T | Promise<T>,
  ): Promise<T> {
    const { time, deadline, key, watch } = this.#of;
    this.#dress(headers, step);
    this.#meant++;
    const attempt = (attempts: number): Promise<T> => {
      const answered = watch?.asks();
      return this.#ask(step, method, url, body, headers, expect).then((res) => {
        const exchange = this.#read(step, method, res, answered, attempts, expect);
        if (res.status >= 200 && res.status < 400) return read(exchange);
        const pause = pauseBeforeRetry(this.#settings, step, attempts, res, key);
        if (pause === undefined || Date.now() + pause * this.#settings.timeScale > deadline) return read(exchange);
        this.#record(step, res, errorAnswer(res, exchange.body).code);
        sample('attempts', 1, { step });
        return time.wait(pause).over.then(() => attempt(attempts + 1));
      });
    };
    return attempt(1);
  }

  #dress(headers: Record<string, string>, step: ClientStep): Record<string, string> {
    const { profile } = this.#of;
    if (step !== 'start') headers[XSRF_HEADER.name] = profile.xsrf;
    headers['Accept'] = 'application/json';
    headers['User-Agent'] = this.#userAgent;
    for (const name in this.#settings.headers) headers[name] = this.#settings.headers[name]!;
    return headers;
  }

  /** Sends a request once. */
  #ask(
    step: ClientStep | typeof STORM,
    method: 'GET' | 'POST',
    url: string,
    content: string | null,
    headers: Record<string, string>,
    expect?: Expectation,
  ): Promise<HttpAnswer> {
    if (this.#state !== undefined) headers[COOKIELESS.header] = this.#state;
    this.#sent++;
    const { timeoutMs, resendOnReused: said } = this.#settings;
    const params: EngineParams = {
      headers,
      jar: this.#jar,
      redirects: 0,
      timeout: timeoutMs[classOf(step)],
      tags: (TAGS[step] ??= Object.freeze({ name: step, peer: step === STORM ? STORM : 'pf' })),
      responseType: 'text',
      resendOnReused: said === 'profile' ? this.#of.profile.resendsOnReused : said === 'always',
    };
    if (expect !== undefined) params.responseCallback = EXPECTED[expect];
    return http.asyncRequest(method, url, content, params);
  }

  /** Reads its answer: measures it, and keeps what the next request must carry. */
  #read(
    step: ClientStep | typeof STORM,
    method: 'GET' | 'POST',
    res: HttpAnswer,
    answered: ReturnType<FlowWatch['asks']> | undefined,
    attempts = 1,
    expect?: Expectation,
  ): Exchange {
    const failed = res.status < 200 || (res.status >= 400 && (expect === undefined || res.status > 404));
    answered?.(res, step === STORM ? undefined : failed);
    this.machineMs += res.timings.duration;
    if (res.status !== 0) this.answered = true;
    const body = jsonObject(res);
    const { cookieOf, stateOf } = this.#of.profile;
    if (this.#settings.state === 'cookieless') {
      const isRead = method === 'GET' && step !== 'start';
      if (stateOf === 'all' || !isRead) this.#state = cookielessState(body) ?? this.#state;
    } else if (cookieOf === '200') this.#keepCookie(res);
    return { res, body, attempts };
  }

  /** For clients that take the session cookie from 200 only: restores the previous one, as the jar took the new one. */
  #keepCookie({ status, cookies }: HttpAnswer): void {
    const [set] = cookies[SESSION_COOKIE] ?? [];
    if (set === undefined) return;
    if (status === 200) this.#cookie = set.value;
    else if (this.#cookie !== undefined) this.#jar.set(this.#pf, SESSION_COOKIE, this.#cookie, { path: set.path });
  }

  #follow(step: ClientStep | typeof STORM, { res, body }: Exchange): FlowAnswer {
    let answer = flowAnswer(res, body);
    if (answer.is === 'flow' && this.#settings.state === 'cookieless' && this.#state === undefined) {
      answer = { is: 'garbled', code: `PF_STATE is cookieless, but no response has ${COOKIELESS.field}`, http: 200 };
    }
    if (answer.is === 'flow') {
      if (answer.flow.id !== this.#flowId) {
        this.#flowId = answer.flow.id;
        this.#flowUrl = `${this.#pf}${PATHS.flows}/${this.#flowId}`;
      }
      this.#record(step, res, undefined, answer.flow.status);
    } else this.#record(step, res, answer.code);
    return answer;
  }

  #record(step: string, res: HttpAnswer, error?: string, status?: string): void {
    const ms = Math.round(res.timings.duration * 100) / 100;
    this.steps.push({ step, http: res.status, ms, status: status && statusName(status), error });
  }
}
