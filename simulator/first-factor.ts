import { STATES } from '../protocol/states.ts';
import type { StateModel } from '../protocol/states.ts';
import { refuseDetail } from './api-refusal.ts';
import type { Deployment } from './deployment.ts';
import { newFlow } from './flows.ts';
import { CUSTOM, STOP } from './model.ts';
import type { Account, Flow, SimulatedStatus } from './model.ts';
import { refuseOAuth } from './oauth/oauth-refusal.ts';
import { enterPolicy } from './policy.ts';
import { stopWaiting } from './push.ts';
import type { SimulatorSettings } from './settings.ts';

/** All states of a simulated flow. The custom action is not part of the protocol and is handled separately. */
export const SIMULATED_STATES: Readonly<Record<SimulatedStatus, StateModel>> = {
  ...STATES,
  [CUSTOM]: {
    fields: ['username?'],
    actions: ['cancelAuthentication'],
    ended: false,
    meaning: "a first factor of the deployment's own",
    source: ['choice'],
  },
  [STOP]: {
    fields: ['devices', 'user', 'selectedDeviceRef?'],
    actions: ['selectDevice', 'cancelAuthentication'],
    ended: false,
    meaning: 'a state of the adapter or of its neighbours that is shown only; it offers what it says',
    source: ['choice'],
  },
};

const FIRST_STATUS: Readonly<Record<SimulatorSettings['firstFactor'], SimulatedStatus>> = {
  password: 'USERNAME_PASSWORD_REQUIRED',
  identifier: 'IDENTIFIER_REQUIRED',
  custom: CUSTOM,
  none: 'AUTHENTICATION_REQUIRED',
};

/** Enters the first state. Without a first factor login_hint must name the user, else throws invalid_request. */
export function beginFirstFactor(deployment: Deployment, flow: Flow): void {
  const { settings, accounts } = deployment;
  flow.status = FIRST_STATUS[settings.firstFactor];
  if (settings.firstFactor !== 'none') return;
  const account = accounts.find(flow.request.loginHint ?? '');
  if (account === undefined) {
    throw refuseOAuth('invalid_request', 'There is no first factor: login_hint must name a user.');
  }
  passFirstFactor(deployment, flow, account);
}

/** Called when user name and password are correct. */
export function passFirstFactor({ stops }: Pick<Deployment, 'stops'>, flow: Flow, account: Account): void {
  flow.account = account;
  enterPolicy(flow, stops);
}

/** With a fail branch, the policy returns to the first factor, and the flow loses everything since. */
export function restart(deployment: Deployment, flow: Flow): void {
  stopWaiting(flow);
  const { id, client, request, session } = flow;
  Object.assign(flow, newFlow(id, client, request, session, deployment.now()));
  beginFirstFactor(deployment, flow);
}

/**
 * Performs the custom first factor: whatever its fields are called, one must contain a user name and another the
 * password; login_hint may provide the name instead. Throws CREDENTIAL_VALIDATION_FAILED.
 */
export function performCustom(deployment: Deployment, flow: Flow, body: object): void {
  const texts = Object.values(body).filter((value): value is string => typeof value === 'string');
  for (const name of [...texts, flow.claimedName ?? '']) {
    const account = deployment.accounts.find(name);
    if (account === undefined || !texts.includes(account.user.password)) continue;
    passFirstFactor(deployment, flow, account);
    return;
  }
  throw refuseDetail('CREDENTIAL_VALIDATION_FAILED');
}
