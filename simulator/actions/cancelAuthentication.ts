import type { Perform } from './perform.ts';

/** Ends the flow with failure. Cancelling MFA_FAILED keeps its reason. */
export const cancelAuthentication: Perform<'cancelAuthentication'> = (deployment, flow) => {
  if (flow.status !== 'MFA_FAILED') {
    flow.reason = { code: 'AUTHENTICATION_CANCELED', message: 'The authentication was cancelled.' };
  }
  deployment.counts.failed(flow.status);
  flow.status = 'FAILED';
  deployment.flows.drop(flow);
};
