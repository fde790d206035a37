import { CLIENT_PROFILES } from '../../../protocol/client-profiles.ts';
import type { FlowDevice } from '../../../protocol/resources.ts';
import { phone } from '../../device/phone.ts';
import { sample } from '../../metrics.ts';
import { follow } from '../flow-run.ts';
import type { FlowRun, Handler } from '../flow-run.ts';
import { pollUntilDecided } from '../poll.ts';
import { afterPushTimeout } from './after-push-timeout.ts';

/**
 * The person with the phone: decides after the time that the behaviour prescribes, apart from the flow. `settle` calls a
 * decision off that was not made yet and gives the moment of one that was (Unix milliseconds).
 */
function decision(run: FlowRun, deviceId: FlowDevice['id'] | undefined): { settle(): Promise<number | undefined> } {
  const { decision, afterMs } = run.user.behaviour.push ?? { decision: 'approve', afterMs: 2000 };
  if (decision === 'ignore' || deviceId === undefined) return { settle: () => Promise.resolve(undefined) };
  const wait = run.time.wait(afterMs);
  const decided = wait.over.then(async (over) => {
    if (!over) return undefined;
    const answer = await phone.decide(run.phoneUrl, { deviceId, decision });
    const now = Date.now();
    if (!answer.ok) run.client.note('decide', answer.error);
    return answer.ok ? now : undefined;
  });
  return {
    settle() {
      wait.cancel();
      return decided;
    },
  };
}

/** PUSH_CONFIRMATION_WAITING: polls as the client profile does, until decided or out of patience. */
export const awaitPush: Handler = async (run, flow) => {
  const person = decision(run, flow.selectedDeviceRef?.id);
  const profile = CLIENT_PROFILES[run.user.behaviour.profile];
  const { answer, polls, seenAt } = await pollUntilDecided(run.client, profile, run.time);
  const decidedAt = await person.settle();
  sample('polls_per_flow', polls, {});
  if (answer === undefined) return afterPushTimeout(run, flow);
  // The poll may be answered before the decide request is: that is no lag.
  if (answer.is === 'flow' && decidedAt !== undefined) sample('decision_lag', Math.max(0, seenAt - decidedAt), {});
  return follow(answer);
};
