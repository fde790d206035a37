import { STORM } from '../../catalogue/steps.ts';
import type { ClientStep } from '../../catalogue/steps.ts';
import type { ActionId } from '../../protocol/action-ids.ts';
import { ACTION_MEDIA_TYPE, ACTION_QUERY_PARAMETER, COOKIELESS, PATHS } from '../../protocol/transport.ts';
import { sample } from '../metrics.ts';
import { flowAnswer, tokenAnswer } from './answer.ts';
import type { FlowAnswer, TokenAnswer } from './answer.ts';
import { clientForm, formEncode, startParameters } from './client-authentication.ts';
import type { ErrorAnswer } from './error-answer.ts';
import { ask, dress, readAnswer, send } from './exchange.ts';
import type { Exchange, Expectation } from './exchange.ts';
import { record } from './flow-client.ts';
import type { FlowClient } from './flow-client.ts';

/** Media types by action, made at the first of each. */
const MEDIA_TYPES = Object.create(null) as Record<string, string>;

/** What the userinfo or introspection endpoint answered. */
type ClaimsAnswer = { readonly is: 'claims'; readonly claims: Readonly<Record<string, unknown>> } | ErrorAnswer;

/** Starts a redirectless flow. `verifier`: PKCE code verifier, or undefined without PKCE. `more`: further parameters. */
export function startFlow(
  client: FlowClient,
  state: string,
  verifier: string | undefined,
  more: Readonly<Record<string, string>> = {},
): Promise<FlowAnswer> {
  const query = startParameters(client.settings, state, verifier, more);
  const { startBy, startType, startParametersIn: place } = client.profile;
  const form = formEncode(query);
  const url = client.pf + PATHS.authorization;
  const headers: Record<string, string> = startType === '' ? {} : { 'Content-Type': startType };
  let body: string | null = null;
  if (startBy === 'POST')
    body = place === 'query' ? '{}' : place === 'form' ? form : JSON.stringify({ protocolParameters: query });
  const whole = place === 'query' ? `${url}?${form}` : url;
  return send(client, 'start', startBy, whole, body, headers, undefined, (exchange) => {
    if (exchange.res.status !== 0) sample('starts_answered', 1, {});
    return flowIn(client, 'start', exchange);
  });
}

/** Reads the flow without changing its state. */
export function readFlow(client: FlowClient, expect?: Expectation): Promise<FlowAnswer> {
  return getFlow(client, 'readFlow', expect);
}

/** Polls as the profile does: by `poll`, or by reading the flow. */
export function pollFlow(client: FlowClient, expect?: Expectation): Promise<FlowAnswer> {
  return client.profile.waitsBy === 'poll' ? act(client, 'poll', {}, expect) : getFlow(client, 'poll', expect);
}

/**
 * Reads the flow again after an error while waiting, as a client without a pause does. Tagged apart from the flow's
 * steps (`peer` too); only the last one is kept for a report.
 */
export async function askAgain(client: FlowClient): Promise<FlowAnswer> {
  const answered = client.watch?.asks();
  const res = await ask(client, STORM, 'GET', client.flowUrl, null, dress(client, {}, 'poll'));
  const exchange = readAnswer(client, STORM, 'GET', res, answered);
  if (client.steps.at(-1)?.step === STORM) client.steps.pop();
  return flowIn(client, STORM, exchange);
}

/** Performs an action with its model. */
export function act(client: FlowClient, action: ActionId, body: object, expect?: Expectation): Promise<FlowAnswer> {
  return perform(client, action, action, body, expect);
}

/** Performs a custom action of this deployment; measured as `customAction`. */
export function actCustom(client: FlowClient, action: string, body: object): Promise<FlowAnswer> {
  return perform(client, 'customAction', action, body);
}

/** Redeems the code (RFC 6749 section 4.1.3, RFC 7636 section 4.5). */
export function redeemCode(
  client: FlowClient,
  code: string,
  verifier: string | undefined,
  expect?: Expectation,
): Promise<TokenAnswer> {
  const fields = { grant_type: 'authorization_code', code, code_verifier: verifier };
  const { form, headers } = clientForm(client.settings, fields);
  return send(client, 'token', 'POST', client.pf + PATHS.token, form, headers, expect, ({ res, body }) => {
    const answer = tokenAnswer(res, body);
    record(client, 'token', res, answer.is === 'tokens' ? undefined : answer.code);
    return answer;
  });
}

/** Claims from userinfo or from introspection of an access token (OpenID Connect Core 5.3, RFC 7662). */
export function askClaims(
  client: FlowClient,
  from: 'userinfo' | 'introspect',
  accessToken: string,
): Promise<ClaimsAnswer> {
  const { form, headers } = clientForm(client.settings, { token: accessToken, token_type_hint: 'access_token' });
  const read = ({ res, body: claims }: Exchange): ClaimsAnswer => {
    const answer: ClaimsAnswer =
      res.status === 200 && claims !== undefined
        ? { is: 'claims', claims }
        : require('./error-answer.ts').errorAnswer(res, claims);
    record(client, from, res, answer.is === 'claims' ? undefined : answer.code);
    return answer;
  };
  const bearer = { Authorization: `Bearer ${accessToken}` };
  return from === 'userinfo'
    ? send(client, from, 'GET', client.pf + PATHS.userinfo, null, bearer, undefined, read)
    : send(client, from, 'POST', client.pf + PATHS.introspect, form, headers, undefined, read);
}

function getFlow(client: FlowClient, step: 'readFlow' | 'poll', expect?: Expectation): Promise<FlowAnswer> {
  return send(client, step, 'GET', client.flowUrl, null, {}, expect, (exchange) => flowIn(client, step, exchange));
}

/** Not `async`, as is nothing that each request goes through: a frame costs more than a closure (bench/RESULTS.md). */
function perform(
  client: FlowClient,
  step: ClientStep,
  action: string,
  body: object,
  expect?: Expectation,
): Promise<FlowAnswer> {
  const byType = client.settings.actionStyle === 'type';
  const url = byType ? client.flowUrl : `${client.flowUrl}?${ACTION_QUERY_PARAMETER}=${action}`;
  const type = byType
    ? (MEDIA_TYPES[action] ??= ACTION_MEDIA_TYPE.prefix + action + ACTION_MEDIA_TYPE.suffix)
    : 'application/json';
  return send(client, step, 'POST', url, JSON.stringify(body), { 'Content-Type': type }, expect, (exchange) => {
    const answer = flowIn(client, step, exchange);
    // If a retried action is no longer allowed, an earlier attempt performed it and its answer was lost.
    const wasPerformed = exchange.attempts > 1 && answer.is === 'refused' && answer.code === 'INVALID_ACTION_ID';
    return wasPerformed ? readFlow(client) : answer;
  });
}

function flowIn(client: FlowClient, step: ClientStep | typeof STORM, { res, body }: Exchange): FlowAnswer {
  let answer = flowAnswer(res, body);
  if (answer.is === 'flow' && client.settings.state === 'cookieless' && client.state === undefined) {
    answer = { is: 'garbled', code: `PF_STATE is cookieless, but no response has ${COOKIELESS.field}`, http: 200 };
  }
  if (answer.is === 'flow') {
    if (answer.flow.id !== client.flowId) {
      client.flowId = answer.flow.id;
      client.flowUrl = `${client.pf}${PATHS.flows}/${client.flowId}`;
    }
    record(client, step, res, undefined, answer.flow.status);
  } else record(client, step, res, answer.code);
  return answer;
}
