import { LARGEST_INVENTORY } from '../../contract/command.ts';
import { ConfigurationError } from '../../contract/configuration-error.ts';
import type { Settings } from '../settings.ts';

/** What a run must know of its inventory before it reads any user. Times in milliseconds at TIME_SCALE 1. */
export interface InventoryFacts {
  readonly users: number;
  /** Mean and longest time that a flow of this inventory waits for people. */
  readonly meanHumanMs: number;
  readonly longestHumanMs: number;
  /** Longest possible duration of a flow: nobody answers a push for as long as the client waits. */
  readonly longestFlowMs: number;
}

/**
 * The users in the order in which they are played: from USER_OFFSET on, then the first ones, unless each may be used once.
 */
export function inTurn<User>(
  users: readonly User[],
  { userOffset, usersExhausted }: Pick<Settings, 'userOffset' | 'usersExhausted'>,
): readonly User[] {
  const once = usersExhausted === 'stop';
  const first = once ? userOffset : userOffset % users.length;
  return users.slice(first).concat(once ? [] : users.slice(0, first));
}

/**
 * Where each k6 scenario of a run begins in the inventory: behind all the users that the scenarios before it plan to
 * play, and one more, because a ramp's number of starts may differ by one between hosts.
 */
export function sliceOffsets(planned: Readonly<Record<string, number>>): Record<string, number> {
  const offsets: Record<string, number> = {};
  let next = 0;
  for (const name of Object.keys(planned)) {
    offsets[name] = next;
    next += Math.ceil(planned[name]!) + 1;
  }
  return offsets;
}

/** Number of turns in a plan; no scenario plays beyond the last one. */
export function turnsOf(planned: Readonly<Record<string, number>>): number {
  return Object.values(planned).reduce((turns, starts) => turns + Math.ceil(starts) + 1, -1);
}

/** Time that a flow may spend in requests, on top of the longest think time, before its user is replayed. */
const MARGIN_MS = 5000;

/** Number of users needed so that nobody is in two flows at once. `longestMs`: length of the longest flow. */
export function usersNeeded(rate: number, starts: number, longestMs: number): number {
  return Math.min(Math.ceil((rate * (longestMs + MARGIN_MS)) / 1000), Math.ceil(starts));
}

/**
 * Ensures that nobody is in two flows at once: a replayed user must have ended the previous flow. `rate`: flow starts
 * per second; `starts`: in the whole run. Throws a ConfigurationError.
 */
export function requireFreshUsers(
  rate: number,
  starts: number,
  { users, longestHumanMs }: InventoryFacts,
  timeScale: number,
): void {
  const enough = usersNeeded(rate, starts, longestHumanMs * timeScale);
  if (users >= enough) return;
  throw new ConfigurationError(
    `INVENTORY has ${users} users, and some would be in two flows at once; ${Math.round(rate)} flows/s need ${enough}: ` +
      (enough <= LARGEST_INVENTORY
        ? `make them with "pairstorm inventory --users ${enough} --out FILE", or start fewer flows`
        : `start fewer flows, because "pairstorm inventory" makes up to ${LARGEST_INVENTORY} users`),
  );
}
