import { STOP } from './model.ts';
import type { Flow, Stop } from './model.ts';

/** Parses the setting `policy`: `STATUS` or `STATUS:action,action`, separated by slashes. */
export function stopsOf(policy: string): readonly Stop[] {
  if (policy === '') return [];
  return policy.split('/').map((word) => {
    const [status = '', offers = 'cancelAuthentication'] = word.split(':');
    return { status, offers: offers.split(',') };
  });
}

/** Moves the flow past its first factor: to the first state of the policy, or to the MFA adapter. */
export function enterPolicy(flow: Flow, stops: readonly Stop[]): void {
  flow.ahead = stops;
  goOn(flow);
}

/** Enters a state that is only shown. */
export function stopAt(flow: Flow, stop: Stop): void {
  flow.stop = stop;
  flow.status = STOP;
}

/** An action of a stop leads on: `skipMfa` finally past the adapter, any other to it. [choice] */
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
