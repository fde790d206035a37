import type { StatusValue } from '../../protocol/status-attribute.ts';
import type { Pairing } from '../flow.ts';
import type { Perform } from './perform.ts';

/** What the status attribute says after a pairing, by what the phone API saw of it. [seed] */
const PAIRING_RESULT: Readonly<Record<Pairing['state'], StatusValue>> = {
  paired: 'device_paired',
  open: 'device_not_paired',
  error: 'pairing_error',
};

/** Ends the flow with success: a failed pairing is a success on the wire, and only the attribute tells. [seed] */
export const continueAuthentication: Perform<'continueAuthentication'> = (deployment, flow) => {
  const result = flow.pairing === null ? flow.result! : PAIRING_RESULT[flow.pairing.state];
  flow.result = result;
  flow.code = deployment.codes.issue({
    client: flow.client,
    request: flow.request,
    user: flow.account!.user,
    subject: flow.account!.view.id,
    result,
    additionalDevice: flow.selected !== null,
    expiresAt: deployment.now() + deployment.lifetimes.codeMs,
  });
  flow.status = 'COMPLETED';
  deployment.counts.completed(result);
  deployment.flows.drop(flow);
};
