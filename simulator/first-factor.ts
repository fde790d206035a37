import { STATES } from '../protocol/states.ts';
import type { StateModel } from '../protocol/states.ts';
import { refuseDetail } from './api-refusal.ts';
import type { Deployment } from './deployment.ts';
import { CUSTOM } from './model.ts';
import type { Account, Flow, SimulatedStatus } from './model.ts';
import { refuseOAuth } from './oauth/oauth-refusal.ts';
import type { SimulatorSettings } from './settings.ts';

/** All states of a simulated flow. The custom action is not an action of the protocol: it is offered and performed apart. */
export const SIMULATED_STATES: Readonly<Record<SimulatedStatus, StateModel>> = {
  ...STATES,
  [CUSTOM]: {
    fields: ['username?'],
    actions: ['cancelAuthentication'],
    ended: false,
    meaning: "a first factor of the deployment's own",
    source: ['choice'],
  },
};

const FIRST_STATUS: Readonly<Record<SimulatorSettings['firstFactor'], SimulatedStatus>> = {
  password: 'USERNAME_PASSWORD_REQUIRED',
  identifier: 'IDENTIFIER_REQUIRED',
  custom: CUSTOM,
  none: 'AUTHENTICATION_REQUIRED',
};

/** Puts a new flow into its first state. Without a first factor login_hint names the user; throws invalid_request. */
export function beginFirstFactor({ settings, accounts }: Deployment, flow: Flow): void {
  flow.status = FIRST_STATUS[settings.firstFactor];
  if (settings.firstFactor !== 'none') return;
  const account = accounts.find(flow.request.loginHint ?? '');
  if (account === undefined) {
    throw refuseOAuth('invalid_request', 'There is no first factor: login_hint must name a user.');
  }
  flow.account = account;
}

/** The user name and the password are right. */
export function passFirstFactor(flow: Flow, account: Account): void {
  flow.account = account;
  flow.status = 'AUTHENTICATION_REQUIRED';
}

/**
 * Performs the custom first factor: whatever its fields are called, one must hold the name of a user and another the
 * password; the name may come from login_hint instead. Throws CREDENTIAL_VALIDATION_FAILED.
 */
export function performCustom({ accounts }: Deployment, flow: Flow, body: object): void {
  const texts = Object.values(body).filter((value): value is string => typeof value === 'string');
  for (const name of [...texts, flow.claimedName ?? '']) {
    const account = accounts.find(name);
    if (account === undefined || !texts.includes(account.user.password)) continue;
    passFirstFactor(flow, account);
    return;
  }
  throw refuseDetail('CREDENTIAL_VALIDATION_FAILED');
}
