import { draw } from '../contract/draw.ts';
import type { Behaviour, InventoryDevice, ThinkState } from '../contract/inventory.ts';
import { LIFETIMES } from '../simulator/wire/lifetimes.ts';
import { drawWithin, longestWithin } from './distributions.ts';
import type { ClientName } from './population-file.ts';
import { timingsOf } from './timings.ts';
import type { Timing } from './timings.ts';
import { WRONG_CODES, otpEntries } from './variants.ts';
import type { Variant } from './variants.ts';

/** A variant's behaviour with concrete delays and device ids, for the user at `index`. */
export function concreteBehaviour(
  variant: Variant,
  devices: readonly InventoryDevice[],
  profile: ClientName,
  seed: number,
  index: number,
): Behaviour {
  const { payload, pairing, push, afterTimeout, otp, selects, leave, token } = variant.behaviour;
  const drawn = new Map<Timing['of'], number>(
    timingsOf(variant, profile).map(({ of, from, within }) => [of, drawWithin(from, within, draw(seed, index, of))]),
  );
  const ms = (of: Timing['of']): number => drawn.get(of) ?? 0;
  const thinks = Object.keys(variant.think) as ThinkState[];
  return {
    profile,
    ...(pairing && { pairing: { result: pairing, afterMs: ms('pairing') } }),
    ...(push && { push: { decision: push, afterMs: ms('push') } }),
    ...(afterTimeout && { afterTimeout }),
    ...(otp && { otp: { wrong: WRONG_CODES[otp], afterMs: ms(otp === 'expired' ? 'expiredOtp' : 'otp') } }),
    ...(selects && { select: variant.group.select!.map((at) => devices[at]!.id) }),
    ...(leave && { leave: { at: leave.at, how: leave.how, afterMs: ms('leave') } }),
    ...(payload === 'broken' && { payload }),
    ...(token && { token }),
    ...(thinks.length > 0 && { think: Object.fromEntries(thinks.map((state) => [state, ms(`think.${state}`)])) }),
  };
}

/** Longest possible think time of a variant's user, in milliseconds. */
export function longestHumanMs(variant: Variant, client: ClientName): number {
  const { push, afterTimeout, otp } = variant.behaviour;
  let ms = push === 'ignore' ? LIFETIMES.pushMs * (afterTimeout === 'retry' ? 2 : 1) : 0;
  for (const { of, from, within } of timingsOf(variant, client)) {
    ms += longestWithin(from, within) * (of === 'otp' ? otpEntries(otp!) : 1);
  }
  return ms;
}
