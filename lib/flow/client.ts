import http from 'k6/http';
import type { FailureStep } from '../../contract/failure-line.ts';
import type { PF_STEPS } from '../../contract/steps.ts';
import type { ActionId } from '../../protocol/action-ids.ts';
import {
  ACTION_MEDIA_TYPE,
  ACTION_QUERY_PARAMETER,
  COOKIELESS,
  PATHS,
  REDIRECTLESS_RESPONSE_MODE,
  XSRF_HEADER,
} from '../../protocol/transport.ts';
import { jsonObject } from '../json-object.ts';
import type { Response } from '../json-object.ts';
import { sample } from '../metrics.ts';
import type { Settings } from '../settings.ts';
import { cookielessState, errorAnswer, flowAnswer } from './answer.ts';
import type { FlowAnswer } from './answer.ts';
import { clientProof } from './client-authentication.ts';
import { codeChallenge } from './pkce.ts';
import { tidy } from './words.ts';

type Step = (typeof PF_STEPS)[number];

/** Statuses that an error of the inventory's own making may have; they do not count as failed requests. */
const EXPECTED = {
  refused: http.expectedStatuses({ min: 200, max: 399 }, 400),
  gone: http.expectedStatuses({ min: 200, max: 399 }, 404),
};

/** Tags of each step's requests: the same frozen object each time, made at its first request. */
const TAGS: Partial<Record<Step, Record<string, string>>> = {};

/** An error that the virtual user provokes on purpose. */
export type Expectation = keyof typeof EXPECTED;

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** What the userinfo or introspection endpoint answered. */
export type ClaimsAnswer =
  { readonly is: 'claims'; readonly claims: Readonly<Record<string, unknown>> } | Exclude<FlowAnswer, { is: 'flow' }>;

/** What the token endpoint answered. */
export type TokenAnswer =
  | { readonly is: 'tokens'; readonly accessToken: string; readonly idToken: string | undefined }
  | Exclude<FlowAnswer, { is: 'flow' }>;

/**
 * Client of one flow of the Authentication API: it renews what must be renewed on each answer (cookie, flow id, state),
 * measures each request once and keeps what a failure report needs. One instance, one flow.
 */
export class FlowClient {
  /** Requests made, for the report of a failed flow. */
  readonly steps: FailureStep[] = [];
  /** Sum of request durations in milliseconds: machine time. */
  machineMs = 0;
  readonly #settings: Settings;
  readonly #pf: string;
  readonly #jar = new http.CookieJar();
  #flowId = '';
  #state: string | undefined;

  constructor(settings: Settings, pf: string) {
    this.#settings = settings;
    this.#pf = pf;
  }

  /** Starts a redirectless flow. `verifier`: PKCE code verifier, or undefined without PKCE. `more`: further parameters. */
  async start(
    state: string,
    verifier: string | undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<FlowAnswer> {
    const { clientId, scope } = this.#settings;
    const query: Record<string, string> = {
      client_id: clientId,
      response_type: 'code',
      response_mode: REDIRECTLESS_RESPONSE_MODE,
      scope,
      state,
      ...(verifier !== undefined && { code_challenge: codeChallenge(verifier), code_challenge_method: 'S256' }),
      ...more,
    };
    const res = await this.#send('start', 'GET', `${this.#pf}${PATHS.authorization}?${formEncode(query)}`, null, {});
    if (res.status !== 0) sample('starts_answered', 1, {});
    return this.#follow('start', res);
  }

  /** Reads the flow; never changes its state. */
  async read(expect?: Expectation): Promise<FlowAnswer> {
    return this.#follow('readFlow', await this.#send('readFlow', 'GET', this.#flowUrl(), null, {}, expect));
  }

  /** Performs an action with its model. */
  act(action: ActionId, body: object, expect?: Expectation): Promise<FlowAnswer> {
    return this.#perform(action, action, body, expect);
  }

  /** Performs an action that only this deployment has; measured as `customAction`. */
  actCustom(action: string, body: object): Promise<FlowAnswer> {
    return this.#perform('customAction', action, body);
  }

  /** Redeems the code (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
  async token(code: string, verifier: string | undefined, expect?: Expectation): Promise<TokenAnswer> {
    const proof = clientProof(this.#settings);
    const form = formEncode({
      grant_type: 'authorization_code',
      code,
      ...proof.fields,
      ...(verifier !== undefined && { code_verifier: verifier }),
    });
    const headers = { ...FORM, ...proof.headers };
    const res = await this.#send('token', 'POST', this.#pf + PATHS.token, form, headers, expect);
    const answer = tokenAnswer(res);
    this.#record('token', res, answer.is === 'tokens' ? undefined : answer.code);
    return answer;
  }

  /** The claims behind an access token: of its user, or of its introspection (OpenID Connect Core 5.3, RFC 7662). */
  async claims(from: 'userinfo' | 'introspect', accessToken: string): Promise<ClaimsAnswer> {
    const { fields, headers } = clientProof(this.#settings);
    const res =
      from === 'userinfo'
        ? await this.#send(from, 'GET', this.#pf + PATHS.userinfo, null, { Authorization: `Bearer ${accessToken}` })
        : await this.#send(
            from,
            'POST',
            this.#pf + PATHS.introspect,
            formEncode({ token: accessToken, token_type_hint: 'access_token', ...fields }),
            { ...FORM, ...headers },
          );
    const claims = res.status === 200 ? jsonObject(res) : undefined;
    const answer: ClaimsAnswer = claims === undefined ? errorAnswer(res) : { is: 'claims', claims };
    this.#record(from, res, answer.is === 'claims' ? undefined : answer.code);
    return answer;
  }

  /** Notes what went wrong on the phone's side, for the report of a failed flow. */
  note(step: string, error: string): void {
    this.steps.push({ step, http: 0, ms: 0, error: error.slice(0, 60) });
  }

  async #perform(step: Step, action: string, body: object, expect?: Expectation): Promise<FlowAnswer> {
    const byType = this.#settings.actionStyle === 'type';
    const url = byType ? this.#flowUrl() : `${this.#flowUrl()}?${ACTION_QUERY_PARAMETER}=${action}`;
    const type = byType ? ACTION_MEDIA_TYPE.prefix + action + ACTION_MEDIA_TYPE.suffix : 'application/json';
    const res = await this.#send(step, 'POST', url, JSON.stringify(body), { 'Content-Type': type }, expect);
    return this.#follow(step, res);
  }

  #flowUrl(): string {
    return `${this.#pf}${PATHS.flows}/${this.#flowId}`;
  }

  async #send(
    step: Step,
    method: 'GET' | 'POST',
    url: string,
    body: string | null,
    headers: Record<string, string>,
    expect?: Expectation,
  ): Promise<Response> {
    headers[XSRF_HEADER.name] = XSRF_HEADER.value;
    headers['Accept'] = 'application/json';
    Object.assign(headers, this.#settings.headers);
    if (this.#state !== undefined) headers[COOKIELESS.header] = this.#state;
    const res = await http.asyncRequest(method, url, body, {
      headers,
      jar: this.#jar,
      redirects: 0,
      tags: (TAGS[step] ??= Object.freeze({ name: step, peer: 'pf' })),
      ...(expect && { responseCallback: EXPECTED[expect] }),
    });
    this.machineMs += res.timings.duration;
    sample('step_duration', res.timings.duration, { step });
    if (step === 'poll') sample('poll_duration', res.timings.duration, {});
    if (this.#settings.state === 'cookieless') this.#state = cookielessState(res) ?? this.#state;
    return res;
  }

  #follow(step: Step, res: Response): FlowAnswer {
    const answer = flowAnswer(res);
    if (answer.is === 'flow') {
      this.#flowId = answer.flow.id;
      this.#record(step, res, undefined, answer.flow.status);
    } else this.#record(step, res, answer.code);
    return answer;
  }

  #record(step: Step, res: Response, error?: string, status?: string): void {
    this.steps.push({
      step,
      http: res.status,
      ms: Math.round(res.timings.duration * 100) / 100,
      ...(status !== undefined && { status: tidy(status) }),
      ...(error !== undefined && { error }),
    });
  }
}

function tokenAnswer(res: Response): TokenAnswer {
  if (res.status !== 200) return errorAnswer(res);
  const { access_token: accessToken, id_token: idToken } = jsonObject(res) ?? {};
  if (typeof accessToken !== 'string') return { is: 'garbled', code: 'token answer without access_token', http: 200 };
  return { is: 'tokens', accessToken, idToken: typeof idToken === 'string' ? idToken : undefined };
}

function formEncode(fields: Readonly<Record<string, string>>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
