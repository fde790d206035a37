import type { Deployment } from './deployment.ts';
import { STOP } from './model.ts';
import type { Flow, Stop } from './model.ts';

/** Puts the flow behind its first factor: at the first state of the policy, or at the MFA adapter. */
export function enterPolicy({ settings }: Pick<Deployment, 'settings'>, flow: Flow): void {
  flow.ahead = settings.policy;
  goOn(flow);
}

/** Shows a state that nobody here plays. */
export function stopAt(flow: Flow, stop: Stop): void {
  flow.stop = stop;
  flow.status = STOP;
}

/** An action that only this stop knows leads on: `skipMfa` past the adapter in the end, any other to it. [choice] */
export function passStop(flow: Flow, action: string): void {
  goOn(flow);
  if (action !== 'skipMfa' || flow.status !== 'AUTHENTICATION_REQUIRED') return;
  flow.result = 'web_login_no_devices';
  flow.status = 'MFA_COMPLETED';
}

function goOn(flow: Flow): void {
  const [next, ...rest] = flow.ahead;
  flow.ahead = rest;
  flow.stop = null;
  if (next === undefined) flow.status = 'AUTHENTICATION_REQUIRED';
  else stopAt(flow, next);
}
