import type { InventoryUser } from '../../contract/inventory.ts';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { CLIENT_PROFILES } from '../../protocol/client-profiles.ts';
import type { Settings } from '../settings.ts';
import type { InventoryFacts } from './slices.ts';

/**
 * Time that a user's flow waits for people and timers, in milliseconds at TIME_SCALE 1: an upper estimate from the
 * behaviour alone, used to plan how many virtual users a rate needs.
 */
export function humanMs({ behaviour, devices }: InventoryUser): number {
  const { pairing, push, otp, leave, afterTimeout, profile, select = [], think = {} } = behaviour;
  const { pollEveryMs: poll, continueAfterMs } = CLIENT_PROFILES[profile];
  let total = (pairing?.afterMs ?? 0) + (leave?.afterMs ?? 0) + continueAfterMs;
  if (push !== undefined && devices.length > 0) {
    const pushes = push.decision === 'ignore' && afterTimeout === 'retry' ? 2 : 1;
    total += pushes * (push.decision === 'ignore' ? LIFETIMES.pushMs : push.afterMs) + poll;
  }
  if (otp !== undefined) total += (otp.wrong + 1) * otp.afterMs;
  for (const [state, ms] of Object.entries(think)) {
    total += (ms ?? 0) * (state === 'DEVICE_SELECTION_REQUIRED' ? select.length : 1);
  }
  return total;
}

/** The settings that say how long a client waits. */
export type PlayedClient = Pick<Settings, 'clientProfile' | 'flowPatienceMs' | 'timeScale'>;

/**
 * Longest time until a user's flow has ended, in milliseconds at TIME_SCALE 1: every push waits until its client gives up, a
 * browser until FLOW_PATIENCE does.
 */
export function longestFlowMsOf(
  user: InventoryUser,
  { clientProfile, flowPatienceMs, timeScale }: PlayedClient,
): number {
  const { behaviour } = user;
  const profile = clientProfile === 'inventory' ? behaviour.profile : clientProfile;
  const { firstPollMs, pollEveryMs, maxPolls } = CLIENT_PROFILES[profile];
  const { push, afterTimeout } = behaviour;
  const waits = push === undefined ? 0 : afterTimeout === 'retry' ? 2 : 1;
  const patienceMs = Math.min(firstPollMs + pollEveryMs * maxPolls, flowPatienceMs / timeScale);
  return humanMs({ ...user, behaviour: { ...behaviour, profile } }) + waits * patienceMs;
}

/** What the plan of a run must know of its users, who play the clients that the settings say. */
export function factsOf(users: readonly InventoryUser[], client: PlayedClient): InventoryFacts {
  const times = users.map(humanMs);
  const total = times.reduce((sum, ms) => sum + ms, 0);
  const longest = times.reduce((most, ms) => Math.max(most, ms), 0);
  const longestFlowMs = users.reduce((most, user) => Math.max(most, longestFlowMsOf(user, client)), longest);
  return { users: users.length, meanHumanMs: total / users.length, longestHumanMs: longest, longestFlowMs };
}
