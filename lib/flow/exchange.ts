import http from 'k6/http';
import type { Params } from 'k6/http';
import { STORM } from '../../catalogue/steps.ts';
import type { ClientStep } from '../../catalogue/steps.ts';
import { COOKIELESS, SESSION_COOKIE, XSRF_HEADER } from '../../protocol/transport.ts';
import { jsonObject } from '../json-object.ts';
import type { HttpAnswer } from '../json-object.ts';
import { sample } from '../metrics.ts';
import { cookielessState } from './answer.ts';
import { record } from './flow-client.ts';
import type { FlowClient } from './flow-client.ts';
import type { FlowWatch } from './flow-watch.ts';
import { classOf } from './request-class.ts';

/** An error that the virtual user provokes on purpose, and its status. */
const PROVOKED = { refused: 400, gone: 404 };
export type Expectation = keyof typeof PROVOKED;

/** Expected statuses for a provoked error, which does not count as a failed request; made at the first of each. */
const EXPECTED: Partial<Record<Expectation, ReturnType<typeof http.expectedStatuses>>> = {};

/** Tags by step: the same frozen object for all requests of a step, created at the first. */
const TAGS: Partial<Record<ClientStep | typeof STORM, Record<string, string>>> = {};

/** An engine option that k6 ignores: resend a request that a dead reused connection swallowed. */
type EngineParams = Params & { resendOnReused?: boolean | undefined };

/** An answer and its body as a JSON object, read once. */
export interface Exchange {
  readonly res: HttpAnswer;
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly attempts: number;
}

/** Sends a request, again if the settings allow it and it is safe; resolves to what `read` makes of the last answer. */
export function send<T>(
  client: FlowClient,
  step: ClientStep,
  method: 'GET' | 'POST',
  url: string,
  body: string | null,
  headers: Record<string, string>,
  expect: Expectation | undefined,
  read: (exchange: Exchange) => T | Promise<T>,
): Promise<T> {
  const { time, deadline, key, watch } = client;
  dress(client, headers, step);
  client.meant++;
  const attempt = (attempts: number): Promise<T> => {
    const answered = watch?.asks();
    return ask(client, step, method, url, body, headers, expect).then((res) => {
      const exchange = readAnswer(client, step, method, res, answered, attempts, expect);
      if (res.status >= 200 && res.status < 400) return read(exchange);
      const pause = require('./retry.ts').pauseBeforeRetry(client.settings, step, attempts, res, key);
      if (pause === undefined || Date.now() + pause * client.settings.timeScale > deadline) return read(exchange);
      record(client, step, res, require('./error-answer.ts').errorAnswer(res, exchange.body).code);
      sample('attempts', 1, { step });
      return time.wait(pause).over.then(() => attempt(attempts + 1));
    });
  };
  return attempt(1);
}

/** Adds the headers that all requests have, and the settings' own. */
export function dress(client: FlowClient, headers: Record<string, string>, step: ClientStep): Record<string, string> {
  const { profile } = client;
  if (step !== 'start') headers[XSRF_HEADER.name] = profile.xsrf;
  headers['Accept'] = 'application/json';
  headers['User-Agent'] = client.userAgent;
  return Object.assign(headers, client.settings.headers);
}

/** Sends a request once. */
export function ask(
  client: FlowClient,
  step: ClientStep | typeof STORM,
  method: 'GET' | 'POST',
  url: string,
  content: string | null,
  headers: Record<string, string>,
  expect?: Expectation,
): Promise<HttpAnswer> {
  if (client.state !== undefined) headers[COOKIELESS.header] = client.state;
  client.sent++;
  const { timeoutMs, resendOnReused: said } = client.settings;
  const params: EngineParams = {
    headers,
    jar: client.jar,
    redirects: 0,
    timeout: timeoutMs[classOf(step)],
    tags: (TAGS[step] ??= Object.freeze({ name: step, peer: step === STORM ? STORM : 'pf' })),
    responseType: 'text',
    resendOnReused: said === 'profile' ? client.profile.resendsOnReused : said === 'always',
  };
  if (expect !== undefined)
    params.responseCallback = EXPECTED[expect] ??= http.expectedStatuses({ min: 200, max: 399 }, PROVOKED[expect]);
  return http.asyncRequest(method, url, content, params);
}

/** Reads its answer: measures it, and keeps what the next request must carry. */
export function readAnswer(
  client: FlowClient,
  step: ClientStep | typeof STORM,
  method: 'GET' | 'POST',
  res: HttpAnswer,
  answered: ReturnType<FlowWatch['asks']> | undefined,
  attempts = 1,
  expect?: Expectation,
): Exchange {
  const failed = res.status < 200 || (res.status >= 400 && (expect === undefined || res.status > 404));
  answered?.(res, step === STORM ? undefined : failed);
  client.machineMs += res.timings.duration;
  if (res.status !== 0) client.answered = true;
  const body = jsonObject(res);
  const { cookieOf, stateOf } = client.profile;
  if (client.settings.state === 'cookieless') {
    const isRead = method === 'GET' && step !== 'start';
    if (stateOf === 'all' || !isRead) client.state = cookielessState(body) ?? client.state;
  } else if (cookieOf === '200') keepCookie(client, res);
  return { res, body, attempts };
}

/** For clients that take the session cookie from 200 only: restores the previous one, as the jar took the new one. */
function keepCookie(client: FlowClient, { status, cookies }: HttpAnswer): void {
  const [set] = cookies[SESSION_COOKIE] ?? [];
  if (set === undefined) return;
  if (status === 200) client.cookie = set.value;
  else if (client.cookie !== undefined) client.jar.set(client.pf, SESSION_COOKIE, client.cookie, { path: set.path });
}
