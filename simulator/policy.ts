import { STOP } from './model.ts';
import type { Flow, Stop } from './model.ts';

/** The states of the setting `policy`: `STATUS` or `STATUS:action,action`, with a slash between them. */
export function stopsOf(policy: string): readonly Stop[] {
  if (policy === '') return [];
  return policy.split('/').map((word) => {
    const [status = '', offers = 'cancelAuthentication'] = word.split(':');
    return { status, offers: offers.split(',') };
  });
}

/** Puts the flow behind its first factor: at the first state of the policy, or at the MFA adapter. */
export function enterPolicy(flow: Flow, stops: readonly Stop[]): void {
  flow.ahead = stops;
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
