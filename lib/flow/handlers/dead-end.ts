import { cancel } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';

/** PUSH_CONFIRMATION_REJECTED: the client gives up. */
export const denied: Handler = (run) => cancel(run, { outcome: 'denied', reason: 'the push was denied' });

/** MFA_FAILED: nothing is possible but to cancel. */
export const mfaFailed: Handler = (run) => cancel(run, { outcome: 'mfa_failed', reason: 'MFA_FAILED' });

/** FAILED without our having cancelled. */
export const failed: Handler = () => Promise.resolve({ outcome: 'rejected', reason: 'the flow FAILED by itself' });

/** RESUME: a redirectless client cannot follow. */
export const resume: Handler = () =>
  Promise.resolve({ outcome: 'protocol_error', reason: 'RESUME: the client is not allowed pi.flow without redirects' });

/** A state that nobody drives: cancelled if that is offered. */
export const undriven: Handler = async (run, flow) => {
  const because = { outcome: 'protocol_error', reason: 'a state that nobody drives' } as const;
  return flow._links?.['cancelAuthentication'] === undefined ? because : cancel(run, because);
};
