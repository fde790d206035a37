import type { InventoryUser } from '../../contract/inventory.ts';
import { LIFETIMES } from '../../simulator/wire/lifetimes.ts';
import { CLIENT_PROFILES, patienceMs } from '../../protocol/client-profiles.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import { profileOf } from '../client-profile.ts';
import type { Settings } from '../settings.ts';
import type { InventoryFacts } from './slices.ts';

/**
 * Milliseconds at TIME_SCALE 1 that a user's flow waits for people and timers: an upper estimate from behaviour and
 * client alone, for planning the number of virtual users.
 */
export function humanMs(
  { behaviour, devices }: InventoryUser,
  { pollEveryMs: poll, continueAfterMs }: ClientProfile = CLIENT_PROFILES[behaviour.profile],
): number {
  const { pairing, push, otp, leave, afterTimeout, select = [], think = {} } = behaviour;
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

/** The settings that determine how long a client waits. */
export type PlayedClient = Pick<Settings, 'clientProfile' | 'ownProfile' | 'flowPatienceMs' | 'timeScale'>;

/**
 * Longest duration of a user's flow, in milliseconds at TIME_SCALE 1: every push waits until the client gives up, for a
 * browser until FLOW_PATIENCE.
 */
export function longestFlowMsOf(user: InventoryUser, client: PlayedClient): number {
  const { push, afterTimeout } = user.behaviour;
  const profile = profileOf(client, user.behaviour);
  const waits = push === undefined ? 0 : afterTimeout === 'retry' ? 2 : 1;
  const waitMs = Math.min(
    patienceMs(profile) + profile.pollEveryMs + profile.giveUpAfterMs,
    client.flowPatienceMs / client.timeScale,
  );
  return humanMs(user, profile) + waits * waitMs;
}

/** What the plan of a run must know of its users, who play the clients that the settings say. */
export function factsOf(users: readonly InventoryUser[], client: PlayedClient): InventoryFacts {
  const times = users.map((user) => humanMs(user, profileOf(client, user.behaviour)));
  const total = times.reduce((sum, ms) => sum + ms, 0);
  const longest = times.reduce((most, ms) => Math.max(most, ms), 0);
  const longestFlowMs = users.reduce((most, user) => Math.max(most, longestFlowMsOf(user, client)), longest);
  return { users: users.length, meanHumanMs: total / users.length, longestHumanMs: longest, longestFlowMs };
}
