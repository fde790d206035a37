import type { ClientProfile } from '../../protocol/client-profiles.ts';
import type { HumanTime, Wait } from '../human-time.ts';
import { sample } from '../metrics.ts';
import type { FlowAnswer } from './answer.ts';
import type { FlowClient } from './client.ts';

/** What a wait for a decision came to; `answer` is undefined when the client ran out of patience. */
export interface Polled {
  readonly answer: FlowAnswer | undefined;
  readonly polls: number;
  /** When the last answer came, in Unix milliseconds. */
  readonly seenAt: number;
}

function stillWaiting(answer: FlowAnswer): boolean {
  return answer.is === 'flow' && answer.flow.status === 'PUSH_CONFIRMATION_WAITING';
}

/** What happens before the poll of a number, from 1. */
type BeforePoll = (poll: number) => Promise<void>;

/** Polls as a client profile does: first, pace and patience (protocol.md section 6). */
export function pollUntilDecided(
  client: FlowClient,
  profile: ClientProfile,
  time: HumanTime,
  beforePoll: BeforePoll,
): Promise<Polled> {
  return (profile.pace === 'timer' ? byTimer : afterAnswers)(client, profile, time, beforePoll);
}

async function afterAnswers(
  client: FlowClient,
  profile: ClientProfile,
  time: HumanTime,
  beforePoll: BeforePoll,
): Promise<Polled> {
  let pause = profile.firstPollMs;
  for (let polls = 1; polls <= profile.maxPolls; polls++) {
    await time.wait(pause).over;
    pause = profile.pollEveryMs;
    await beforePoll(polls);
    const answer = await client.act('poll', {});
    sample('poll_error_rate', answer.is !== 'flow', {});
    if (!stillWaiting(answer)) return { answer, polls, seenAt: Date.now() };
  }
  return { answer: undefined, polls: profile.maxPolls, seenAt: Date.now() };
}

/**
 * Polls by timer, whether or not the last poll was answered. The first new state counts; polls answered after it are late,
 * which is no error: they may be refused, because `poll` is not allowed any more.
 */
async function byTimer(
  client: FlowClient,
  profile: ClientProfile,
  time: HumanTime,
  beforePoll: BeforePoll,
): Promise<Polled> {
  let decided: { readonly answer: FlowAnswer; readonly seenAt: number } | undefined;
  let pause: Wait | undefined;
  let inFlight = 0;
  const polling: Promise<void>[] = [];
  const poll = async (): Promise<void> => {
    const overlaps = inFlight++ > 0;
    const answer = await client.act('poll', {}, overlaps ? 'refused' : undefined);
    inFlight--;
    if (decided !== undefined) {
      sample('late_polls', 1, {});
      return;
    }
    sample('poll_error_rate', answer.is !== 'flow', {});
    if (stillWaiting(answer)) return;
    decided = { answer, seenAt: Date.now() };
    pause?.cancel();
  };
  await time.wait(profile.firstPollMs).over;
  while (decided === undefined && polling.length < profile.maxPolls) {
    await beforePoll(polling.length + 1);
    polling.push(poll());
    pause = time.wait(profile.pollEveryMs);
    await pause.over;
  }
  await Promise.all(polling);
  return { answer: undefined, seenAt: Date.now(), ...decided, polls: polling.length };
}
