import type { ForgetFlowsFault } from '../wire/faults.ts';
import type { Deployment } from '../deployment.ts';
import type { ActiveFault } from './active-fault.ts';
import { userOfFlow } from './subject.ts';

/**
 * Simulates a restart: drops the open flows and unredeemed codes of the affected users, and remembers the fault for as
 * long as they would have lived without a further request.
 */
export function forgetFlows(deployment: Deployment, fault: ForgetFlowsFault, active: ActiveFault): void {
  const { counts, faults, flows, codes } = deployment;
  const now = deployment.now();
  flows.sweep(now);
  const until = now + flows.idleMs;
  for (const flow of flows.open()) {
    if (!active.matches(userOfFlow(flow))) continue;
    const device = flow.selected?.waiting === flow ? flow.selected : null;
    flows.drop(flow);
    counts.forgotten(flow.status);
    faults.forget(flow.id, fault, until);
    if (device !== null) faults.forget(device.model.id, fault, until);
  }
  for (const [code, grant] of codes.open()) {
    if (!active.matches(grant.user.username)) continue;
    codes.redeem(code);
    faults.forget(code, fault, grant.expiresAt);
  }
}
