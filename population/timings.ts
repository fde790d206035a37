import type { ThinkState } from '../contract/inventory.ts';
import { DELAY_WINDOWS } from './delays.ts';
import type { Distribution, Range } from './distributions.ts';
import type { ClientName } from './population-file.ts';
import { otpEntries } from './variants.ts';
import type { Variant } from './variants.ts';

/** A delay to be drawn, and the range in which the expected outcome holds. */
export interface Timing {
  /** Unique per user; also the key of the draw. */
  readonly of: 'push' | 'pairing' | 'otp' | 'expiredOtp' | 'leave' | `think.${ThinkState}`;
  readonly from: Distribution;
  readonly within: Range;
}

/** All delays of a user who plays a variant with a client. */
export function timingsOf({ behaviour, delays, think }: Variant, client: ClientName): Timing[] {
  const { push, pairing, otp, leave } = behaviour;
  const list: Timing[] = [];
  const add = (of: Timing['of'], from: Distribution, within: Range): void => void list.push({ of, from, within });
  if (push !== undefined && push !== 'ignore') add('push', delays.push, DELAY_WINDOWS.push(client));
  if (otp === 'expired') add('expiredOtp', delays.expiredOtp, DELAY_WINDOWS.expiredOtp());
  else if (otp !== undefined) add('otp', delays.otp, DELAY_WINDOWS.otp(otpEntries(otp)));
  if (pairing !== undefined) add('pairing', delays.pairing, DELAY_WINDOWS.pairing());
  if (leave !== undefined)
    add('leave', leave.delay, leave.how === 'outstay' ? DELAY_WINDOWS.outstay() : DELAY_WINDOWS.leave());
  for (const [state, from] of Object.entries(think)) add(`think.${state as ThinkState}`, from, DELAY_WINDOWS.think());
  return list;
}
