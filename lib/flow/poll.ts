import { pollFlow } from './client.ts';
import type { Wait } from '../think-time.ts';
import { sample } from '../metrics.ts';
import type { FlowAnswer } from './answer.ts';
import type { FlowRun } from './flow-run.ts';
import { weather } from './storm.ts';

/** Result of waiting for a decision; `answer` is undefined if the client ran out of patience. */
interface Polled {
  readonly answer: FlowAnswer | undefined;
  readonly polls: number;
  /** When the last answer came, in Unix milliseconds. */
  readonly seenAt: number;
}

function stillWaiting(answer: FlowAnswer): boolean {
  return answer.is === 'flow' && answer.flow.status === 'PUSH_CONFIRMATION_WAITING';
}

/** A poll that failed on the load generator says nothing about the target. */
function samplePoll({ is }: FlowAnswer): void {
  if (is !== 'unsent') sample('poll_error_rate', is !== 'flow', {});
}

/** Called before each poll, numbered from 1. */
type BeforePoll = (poll: number) => Promise<void>;

/** What polling needs of a flow. */
type Poller = Pick<FlowRun, 'client' | 'profile' | 'time' | 'deadline' | 'settings'>;

/** Polls as the client profile does: first poll, pace and patience (protocol.md section 6). */
export async function pollUntilDecided(poller: Poller, beforePoll: BeforePoll): Promise<Polled> {
  const polled = await (poller.profile.pace === 'timer' ? byTimer : afterAnswers)(poller, beforePoll);
  if (polled.answer === undefined) await poller.time.wait(poller.profile.giveUpAfterMs).over;
  return polled;
}

async function afterAnswers(poller: Poller, beforePoll: BeforePoll): Promise<Polled> {
  const { client, profile, time, deadline } = poller;
  let pause = profile.firstPollMs;
  let polls = 0;
  while (polls < (profile.maxPolls ?? Infinity) && Date.now() <= deadline) {
    await time.wait(pause).over;
    pause = profile.pollEveryMs;
    await beforePoll(++polls);
    const polled = await pollFlow(client);
    samplePoll(polled);
    const answer = await weather(poller, polled);
    if (!stillWaiting(answer)) return { answer, polls, seenAt: Date.now() };
  }
  return { answer: undefined, polls, seenAt: Date.now() };
}

/** An answer that ends a wait, and when it came. */
interface Decided {
  readonly answer: FlowAnswer;
  readonly seenAt: number;
}

/**
 * Polls by a timer that starts at the first answer and does not wait for others. Patience is counted in answers, so a
 * slow server gets more polls. The first new state counts; polls answered after it are late, which is not an error. `poll`
 * is not allowed once the state has moved, so a refusal may arrive before the answer that shows the new state: it ends
 * the wait only if no other poll in flight explains it.
 */
async function byTimer({ client, profile, time, deadline }: Poller, beforePoll: BeforePoll): Promise<Polled> {
  let decided: Decided | undefined;
  let refused: Decided | undefined;
  let pause: Wait | undefined;
  let refusals = 0;
  let answers = 0;
  const polling: Promise<void>[] = [];
  const poll = async (): Promise<void> => {
    const answer = await pollFlow(client, 'refused');
    answers++;
    if (decided !== undefined) {
      sample('late_polls', 1, {});
      return;
    }
    if (answer.is === 'refused') {
      refusals++;
      refused ??= { answer, seenAt: Date.now() };
      pause?.cancel();
      return;
    }
    samplePoll(answer);
    if (stillWaiting(answer)) return;
    decided = { answer, seenAt: Date.now() };
    pause?.cancel();
  };
  /** Functions, because polls in flight change these variables, which the compiler's narrowing does not see. */
  const over = (): boolean => decided !== undefined || refused !== undefined || Date.now() > deadline;
  await time.wait(profile.firstPollMs).over;
  await beforePoll(1);
  polling.push(poll());
  await polling[0];
  while (!over() && answers < (profile.maxPolls ?? Infinity)) {
    pause = time.wait(profile.pollEveryMs);
    await pause.over;
    if (over() || answers >= (profile.maxPolls ?? Infinity)) break;
    await beforePoll(polling.length + 1);
    polling.push(poll());
  }
  await Promise.all(polling);
  const late = decided !== undefined;
  for (let at = 0; at < refusals; at++) {
    if (late) sample('late_polls', 1, {});
    else sample('poll_error_rate', true, {});
  }
  return { answer: undefined, seenAt: Date.now(), ...(decided ?? refused), polls: polling.length };
}
