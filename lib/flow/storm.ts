import { askAgain } from './client.ts';
import { instance, test } from 'k6/execution';
import type { AtError } from '../../protocol/client-profiles.ts';
import type { PlayedSettings } from '../played-plan.ts';
import { humanTime } from '../think-time.ts';
import type { FlowAnswer } from './answer.ts';
import type { Storm } from './flow-client.ts';
import type { FlowRun } from './flow-run.ts';

type Waiting = Pick<FlowRun, 'client' | 'profile' | 'settings' | 'deadline'>;

/**
 * What a client does at this answer while it waits for a decision; undefined: nothing special. Retries by the settings
 * (RETRIES_POLL) replace the client's own reaction.
 */
export function reactionTo(
  answer: FlowAnswer,
  { profile, settings }: Pick<Waiting, 'profile' | 'settings'>,
): AtError | undefined {
  if (answer.is === 'flow' || !(answer.http === 403 || answer.http === 429 || answer.http >= 500)) return undefined;
  if (settings.retries.poll > 0) return 'ends';
  return profile.atError === 'asks_again' && answer.json !== true ? 'hangs' : profile.atError;
}

/** The share of a run that this process plays: `0:1/4`, `0.5:1`, `25%` (k6's executionSegment). */
function partOfRun(): number {
  const { executionSegment } = test.options as { readonly executionSegment?: unknown };
  if (typeof executionSegment !== 'string' || executionSegment === '') return 1;
  const [from, to] = `0:${executionSegment}`
    .split(':')
    .slice(-2)
    .map((point) => {
      const [above = '', below = '1'] = point.replace('%', '/100').split('/');
      return Number(above) / Number(below);
    });
  const part = to! - from!;
  return part > 0 && part <= 1 ? part : 1;
}

/**
 * Milliseconds between repeats, and the cap behind them. Virtual users do not know of each other, so each gets an equal
 * share of the run's cap among the active ones, whether or not they are asking again.
 */
function pace({ stormMax, stormMaxPerUser }: PlayedSettings): {
  readonly everyMs: number;
  readonly cap: 'user' | 'run';
} {
  const share = (stormMax * partOfRun()) / Math.max(1, instance.vusActive);
  return share < stormMaxPerUser
    ? { everyMs: 1000 / share, cap: 'run' }
    : { everyMs: 1000 / stormMaxPerUser, cap: 'user' };
}

/**
 * Asks again without a pause for as long as this client reacts so to the answer: the load that browsers add to an
 * overloaded deployment. Bounded by the user's patience and STORM_MAX, in real time. Other answers pass unchanged.
 */
export async function weather(run: Waiting, first: FlowAnswer): Promise<FlowAnswer> {
  if (first.is === 'flow' || reactionTo(first, run) !== 'asks_again') return first;
  const { client, settings, deadline } = run;
  const startedAt = Date.now();
  const clock = humanTime(1);
  let answer: FlowAnswer = first;
  let held: Storm['held'] = 'no';
  let dueAt = startedAt;
  // A timer may end a millisecond early, so the clock alone would let one request more through at the deadline.
  while (reactionTo(answer, run) === 'asks_again' && Math.max(Date.now(), dueAt) <= deadline) {
    answer = await askAgain(client);
    const { everyMs, cap } = pace(settings);
    const now = Date.now();
    dueAt = Math.max(dueAt + everyMs, now);
    if (dueAt <= now || reactionTo(answer, run) !== 'asks_again') continue;
    held = cap;
    await clock.wait(Math.min(dueAt, deadline + 1) - now).over;
  }
  const http = first.http < 500 ? String(first.http) : '5xx';
  const { ms, ...before } = client.storm ?? { ms: 0, http, held };
  client.storm = { ...before, ms: ms + Date.now() - startedAt, ...(held !== 'no' && { held }) };
  return answer;
}
