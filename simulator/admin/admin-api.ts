import { ok } from '../answer.ts';
import type { Answer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';

/** GET counts: what happened, and which flows are open now. */
export function readCounts(deployment: Deployment): Answer {
  deployment.flows.sweep(deployment.now());
  return ok(deployment.counts.read(deployment.flows.byStatus()));
}

/** POST reset: accounts, flows, counts and faults as after a start. */
export function resetAll(deployment: Deployment): Answer {
  deployment.flows.clear();
  deployment.codes.clear();
  deployment.faults.clear();
  deployment.accounts.resetAll();
  deployment.counts.reset();
  return { httpStatus: 204, body: null, code: 'ok' };
}
