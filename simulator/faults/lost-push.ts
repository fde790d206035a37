import type { LostPushFault } from '../wire/faults.ts';
import type { Effect } from './effects.ts';

/** The flow waits for a decision, but no phone knows of it. Where no push was sent there is nothing to lose. */
export const lostPush: Effect<LostPushFault> = async ({ fault, deployment, flowId, serve, hit }) => {
  const answer = await serve();
  const flow = deployment.flows.find(flowId, deployment.now());
  if (answer.httpStatus !== 200 || flow?.status !== 'PUSH_CONFIRMATION_WAITING') return answer;
  const device = flow.selected;
  if (device?.waiting === flow) {
    device.waiting = null;
    // A decision on a push that never came is this fault's doing too.
    deployment.faults.forget(device.model.id, fault, flow.pushExpiresAt);
  }
  hit();
  return answer;
};
