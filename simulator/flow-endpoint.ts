import type { ActionId } from '../protocol/action-ids.ts';
import { ACTIONS } from '../protocol/actions.ts';
import { COOKIELESS, XSRF_HEADER } from '../protocol/transport.ts';
import { checkBody, fillMissing, parseBody } from './action-body.ts';
import { nameAction, namedAction, peekAction } from './action-name.ts';
import { perform } from './actions.ts';
import { Refusal, ok } from './answer.ts';
import type { Answer } from './answer.ts';
import { refuse } from './api-refusal.ts';
import type { Call } from './call.ts';
import type { Deployment } from './deployment.ts';
import { performCustom } from './first-factor.ts';
import { allowedActions, ownActions, viewFlow } from './flow-view.ts';
import { CUSTOM } from './model.ts';
import type { Flow } from './model.ts';
import { failService } from './pingone.ts';
import type { Unavailable } from './pingone.ts';
import { passStop } from './policy.ts';
import { OVERLAP_MS, opens, presentedValue, renew, sessionCookie, settle, stateValue } from './session.ts';

/** GET or POST of a flow: runs the checks in order, performs the action, if any, and returns the new state. */
export async function answerFlow(deployment: Deployment, call: Call): Promise<Answer> {
  requireXsrfHeader(deployment, call);
  // Before anything changes, so that answers leave in the order of their effects.
  const action = call.method === 'POST' ? peekAction(call, deployment.settings) : null;
  const unavailable = (await deployment.pingOne?.ask(action)) ?? null;
  const flow = findFlow(deployment, call);
  enterSession(deployment, flow, call);
  try {
    if (call.method === 'POST') act(deployment, flow, call, unavailable);
  } catch (error) {
    if (error instanceof Refusal) throw withSession(deployment, flow, error);
    throw error;
  }
  settle(flow.session);
  const view = await viewFlow(deployment, flow);
  markShown(deployment, flow);
  return ok(view, sessionHeaders(deployment, flow));
}

/** Any non-empty value passes. Start requests need no header: the widget sends none. [widget] [measured] */
function requireXsrfHeader({ settings }: Deployment, call: Call): void {
  if (settings.checkXsrf === 'off') return;
  const header = call.headers[XSRF_HEADER.name.toLowerCase()];
  if (header === undefined || header === '') throw refuse('XSRF_HEADER_REQUIRED');
}

/** The session's `Set-Cookie`; nothing for a cookieless client. */
export function sessionHeaders(deployment: Deployment, flow: Flow): Readonly<Record<string, string>> {
  return flow.client.cookieless ? {} : { 'set-cookie': sessionCookie(flow.session, deployment.settings.tls) };
}

function findFlow(deployment: Deployment, call: Call): Flow {
  const flow = deployment.flows.find(call.flowId, deployment.now());
  if (flow === undefined) throw refuse('FLOW_NOT_FOUND');
  return flow;
}

/**
 * Requires and renews the flow's session. Only a request with the right session keeps the flow alive. A read renews
 * nothing for a cookieless client: the widget keeps the state of its last action while it reads. [measured]
 */
function enterSession(deployment: Deployment, flow: Flow, call: Call): void {
  const value = presentedValue(call, flow.client);
  const reads = call.method === 'GET';
  const action = reads ? null : peekAction(call, deployment.settings);
  const overlaps = reads || action === 'poll' || action === 'selectDevice';
  if (value === undefined || !opens(flow.session, value, overlaps, call.arrivedAt)) throw refuse('SESSION_NOT_FOUND');
  const now = deployment.now();
  flow.lastSeenAt = now;
  if (deployment.settings.renewCookie === 'off' || (reads && flow.client.cookieless)) return;
  renew(flow.session, value, overlaps, now);
}

function act(deployment: Deployment, flow: Flow, call: Call, unavailable: Unavailable | null): void {
  const { settings } = deployment;
  if (flow.status === CUSTOM && namedAction(call, settings) === settings.customAction) {
    performCustom(deployment, flow, parseBody(call.body, settings));
    return;
  }
  const own = namedAction(call, settings);
  if (own !== null && ownActions(deployment, flow).includes(own)) {
    parseBody(call.body, settings, true);
    passStop(flow, own);
    return;
  }
  const action = nameAction(call, settings);
  if (!isAllowed(flow, action, call)) {
    if (settings.checkState === 'off') return;
    throw refuse('INVALID_ACTION_ID');
  }
  const body = parseBody(call.body, settings, Object.keys(ACTIONS[action].fields).length === 0);
  const whole = settings.checkRequired === 'off' ? fillMissing(action, deployment, flow, body) : body;
  const checked = checkBody(action, whole, settings);
  if (unavailable !== null) failService(settings, flow, unavailable);
  else perform(action, deployment, flow, checked);
}

/** The state must offer the action. A poll may also be slightly late, or ask for the result of the push. */
function isAllowed(flow: Flow, action: ActionId, call: Call): boolean {
  return allowedActions(flow).includes(action) || (action === 'poll' && call.arrivedAt <= flow.pollableUntil);
}

/** The client has now seen the result of the push: from here on, only overlapping polls may still ask. */
function markShown(deployment: Deployment, flow: Flow): void {
  if (flow.pollableUntil === Infinity && flow.status !== 'PUSH_CONFIRMATION_WAITING') {
    flow.pollableUntil = deployment.now() + OVERLAP_MS;
  }
}

/** Errors renew the session, too: otherwise a client would lose its flow with its first mistake. */
function withSession(deployment: Deployment, flow: Flow, { answer }: Refusal): Refusal {
  if (!flow.client.cookieless) return new Refusal({ ...answer, headers: sessionHeaders(deployment, flow) });
  return new Refusal({ ...answer, body: { ...(answer.body as object), [COOKIELESS.field]: stateValue(flow.session) } });
}
