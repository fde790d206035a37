import { cancel } from '../flow-run.ts';
import type { Handler } from '../flow-run.ts';
import type { Ending } from '../ending.ts';
import type { FlowResource } from '../../../protocol/resources.ts';
import { tidy } from '../words.ts';
import { turnAway } from './turn-away.ts';

/** The ending for a state without a way forward; undefined for a state without a handler. */
function endingOf({ status, code }: FlowResource): Ending | undefined {
  switch (status) {
    case 'PUSH_CONFIRMATION_REJECTED':
      return { outcome: 'denied', reason: 'the push was denied' };
    case 'MFA_FAILED':
      return { outcome: 'mfa_failed', reason: `MFA_FAILED${typeof code === 'string' ? `: ${tidy(code)}` : ''}` };
    case 'FAILED':
      return { outcome: 'rejected', reason: 'the flow ended in FAILED' };
    case 'RESUME':
      return { outcome: 'protocol_error', reason: 'RESUME: the client may not use pi.flow without redirects' };
    default:
      return undefined;
  }
}

/** A dead end: cancels if that is offered, or if the state must offer it. */
export const deadEnd: Handler = async (run, flow) => {
  const because = endingOf(flow);
  if (because === undefined) return turnAway(run, flow);
  const mustOffer = flow.status === 'PUSH_CONFIRMATION_REJECTED' || flow.status === 'MFA_FAILED';
  const ended = flow.status === 'FAILED' || flow.status === 'RESUME';
  const offered = flow._links?.['cancelAuthentication'] !== undefined;
  return !ended && (mustOffer || offered) ? cancel(run, because) : because;
};
