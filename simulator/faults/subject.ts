import { decodeJwt } from 'jose/jwt/decode';
import { RUN_ID_SEPARATOR } from '../wire/admin-api.ts';
import type { FaultStep } from '../wire/faults.ts';
import { ACTION_IDS } from '../../protocol/action-ids.ts';
import type { Call } from '../call.ts';
import type { Deployment } from '../deployment.ts';
import type { Flow } from '../model.ts';
import { authorizationParameters } from '../oauth/parameters.ts';
import { peekUsername } from '../oauth/tokens.ts';

/** What a request is about, as far as it can be told. */
export interface Subject {
  /** User name, or the flow's number while no user is known; null: unknown. */
  readonly user: string | null;
  /** The flow id, authorization code or device id in the request; null: none. */
  readonly thing: string | null;
}

const NOBODY: Subject = { user: null, thing: null };

/** Longest name taken from a request. */
const MAX_LENGTH = 100;

const OF_STEP: Readonly<Partial<Record<FaultStep, (deployment: Deployment, call: Call) => Subject>>> = {
  start: (_deployment, call) => {
    const parameters = authorizationParameters(call);
    return { user: userOfStart(parameters.get('login_hint'), parameters.get('state')), thing: null };
  },
  readFlow: ofFlow,
  ...Object.fromEntries(ACTION_IDS.map((action) => [action, ofFlow])),
  token: (deployment, call) => {
    const code = new URLSearchParams(call.body).get('code') ?? '';
    return { user: deployment.codes.find(code, deployment.now())?.user.username ?? null, thing: code };
  },
  introspect: (deployment, call) => ofToken(deployment, new URLSearchParams(call.body).get('token') ?? ''),
  userinfo: (deployment, call) => ofToken(deployment, call.headers.authorization?.replace(/^Bearer /i, '') ?? ''),
  pair: (deployment, call) => ofFlowId(deployment, textField(decodeJwt(textIn(call, 'serverPayload')), 'flow')),
  decide: ofDevice,
  code: ofDevice,
};

/** Never throws: an unreadable request has no subject. */
export function subjectOf(deployment: Deployment, step: FaultStep, call: Call): Subject {
  try {
    return OF_STEP[step]?.(deployment, call) ?? NOBODY;
  } catch {
    return NOBODY;
  }
}

/** The flow's user name; before the first factor, what the start request said. */
export function userOfFlow(flow: Flow): string | null {
  if (flow.account !== null) return flow.account.user.username;
  return userOfStart(flow.claimedName ?? undefined, flow.request.state ?? undefined);
}

/** A start request names its user in `login_hint`; without it, the flow's number in `state` takes its place. */
function userOfStart(loginHint: string | undefined, state: string | undefined): string | null {
  if (loginHint !== undefined) return loginHint.slice(0, MAX_LENGTH);
  const at = state?.indexOf(RUN_ID_SEPARATOR) ?? -1;
  return state === undefined || at < 0 ? null : state.slice(at, at + MAX_LENGTH);
}

function ofFlow(deployment: Deployment, call: Call): Subject {
  const subject = ofFlowId(deployment, call.flowId);
  // The first factor names the user before the flow knows it.
  const named = call.body.includes('"username"') ? textIn(call, 'username') : '';
  return deployment.accounts.find(named) === undefined ? subject : { ...subject, user: named };
}

function ofFlowId(deployment: Deployment, id: string): Subject {
  const flow = deployment.flows.find(id, deployment.now());
  return { user: flow === undefined ? null : userOfFlow(flow), thing: id };
}

function ofDevice(deployment: Deployment, call: Call): Subject {
  const id = textIn(call, 'deviceId');
  return { user: deployment.accounts.findDevice(id)?.account.user.username ?? null, thing: id };
}

function ofToken(deployment: Deployment, token: string): Subject {
  const username = peekUsername(deployment, token);
  return { user: typeof username === 'string' ? username : null, thing: null };
}

function textIn(call: Call, name: string): string {
  return textField(JSON.parse(call.body) as unknown, name);
}

function textField(value: unknown, name: string): string {
  const field: unknown = Object.getOwnPropertyDescriptor(Object(value), name)?.value;
  return typeof field === 'string' ? field : '';
}
