import { readFlow } from '../client.ts';
import { note } from '../flow-client.ts';
import type { ClientProfile } from '../../../protocol/client-profiles.ts';
import type { FlowDevice } from '../../../protocol/resources.ts';
import { sample } from '../../metrics.ts';
import type { ErrorAnswer } from '../error-answer.ts';
import { endingAt } from '../ending.ts';
import type { Ending } from '../ending.ts';
import type { FlowRun, Handler } from '../flow-run.ts';
import { shifted } from '../poll-phase.ts';
import { pollUntilDecided } from '../poll.ts';
import { reactionTo, weather } from '../storm.ts';

/** The person with the phone. `settle` cancels a decision that is still to come. */
interface Person {
  /** Called before each poll, numbered from 1. */
  readonly beforePoll: (poll: number) => Promise<void>;
  /** Unix milliseconds of the decision, if there was one. */
  readonly settle: () => Promise<number | undefined>;
}

const NEVER: Person = { beforePoll: () => Promise.resolve(), settle: () => Promise.resolve(undefined) };

/** Decides as the behaviour says: after its time, or before the poll that follows that time. */
function person(run: FlowRun, profile: ClientProfile, deviceId: FlowDevice['id'] | undefined): Person {
  const { decision, afterMs } = run.user.behaviour.push ?? { decision: 'approve', afterMs: 2000 };
  if (decision === 'ignore' || deviceId === undefined) return NEVER;
  const decide = async (): Promise<number | undefined> => {
    const answer = await run.device.decide(run, deviceId, decision);
    if (answer.ok) return Date.now();
    note(run.client, 'decide', answer.error);
    run.phoneTrouble = `${answer.error} at decide`;
    if (answer.broken === true) run.driverFailure = `decide: ${answer.error}`;
    return undefined;
  };
  let decided: Promise<number | undefined> = Promise.resolve(undefined);
  if (run.settings.pushDecidedBy === 'poll') {
    const later = Math.ceil((afterMs - profile.firstPollMs) / profile.pollEveryMs);
    const decisive = Math.min(profile.maxPolls ?? Infinity, 1 + Math.max(0, later));
    return {
      beforePoll: async (poll) => {
        if (poll === decisive) await (decided = decide());
      },
      settle: () => decided,
    };
  }
  const wait = run.time.wait(afterMs);
  decided = wait.over.then((over) => (over ? decide() : undefined));
  return {
    beforePoll: NEVER.beforePoll,
    settle: () => {
      wait.cancel();
      return decided;
    },
  };
}

/** PUSH_CONFIRMATION_WAITING: polls as the client profile does, until the decision or until patience is over. */
export const awaitPush: Handler = async (run, flow) => {
  const profile = shifted(run.profile, run.settings, run.user.username, Date.now());
  const { beforePoll, settle } = person(run, profile, flow.selectedDeviceRef?.id);
  const { answer: shown, polls, seenAt } = await pollUntilDecided({ ...run, profile }, beforePoll);
  const decidedAt = await settle();
  sample('polls_per_flow', polls, {});
  if (shown === undefined) return require('./after-push.ts').afterPushTimeout(run, flow);
  const again = shown.is === 'flow' && profile.readsDecision;
  const answer = again ? await weather(run, await readFlow(run.client)) : shown;
  // The poll may be answered before the decide request: that is not a lag.
  if (answer.is === 'flow' && decidedAt !== undefined) sample('decision_lag', Math.max(0, seenAt - decidedAt), {});
  const denied = run.user.behaviour.push?.decision === 'deny';
  if (answer.is === 'flow' && decidedAt !== undefined && !denied) run.factor = 'push';
  return answer.is === 'flow' ? answer : endingOf(run, answer);
};

/** The ending of a wait without a flow. A client that hangs sends nothing more; PingFederate keeps the flow. */
function endingOf(run: FlowRun, answer: ErrorAnswer): Ending {
  switch (reactionTo(answer, run)) {
    case 'hangs':
      return { outcome: 'abandoned', reason: `the app hung on ${answer.code} while it waited for the push` };
    case 'asks_again':
      return {
        outcome: 'abandoned',
        reason: `out of patience (FLOW_PATIENCE), asking again after each ${answer.code}`,
      };
    default:
      return endingAt(answer);
  }
}
