import type { LostPushFault } from '../../contract/faults.ts';
import type { Effect } from './effects.ts';

/** The flow waits for a decision, but no phone knows of it. Where no push was sent there is nothing to lose. */
export const lostPush: Effect<LostPushFault> = async ({ deployment, flowId, serve, hit }) => {
  const answer = await serve();
  const flow = deployment.flows.find(flowId, deployment.now());
  if (answer.httpStatus !== 200 || flow?.status !== 'PUSH_CONFIRMATION_WAITING') return answer;
  if (flow.selected?.waiting === flow) flow.selected.waiting = null;
  hit();
  return answer;
};
