import type { InventoryUser } from '../../contract/inventory.ts';
import { LIFETIMES } from '../../contract/lifetimes.ts';
import { CLIENT_PROFILES } from '../../protocol/client-profiles.ts';

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
