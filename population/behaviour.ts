import { draw } from '../contract/draw.ts';
import type { Behaviour, InventoryDevice, Phone } from '../contract/inventory.ts';
import { LIFETIMES, OTP_ATTEMPTS } from '../contract/lifetimes.ts';
import { DELAYS, OTP_ENTRIES_MAX_MS, delayMs } from './delays.ts';
import type { Variant, VariantBehaviour } from './variants.ts';

/** Times that a code is entered: the wrong ones and the right one, or until the attempts are used up. */
const otpEntries = (otp: NonNullable<VariantBehaviour['otp']>): number => Math.min(otp.wrong + 1, OTP_ATTEMPTS);

const otpModel = (otp: NonNullable<VariantBehaviour['otp']>): keyof typeof DELAYS =>
  otp.late === true ? 'lateOtpEntry' : 'otpEntry';

const leaveModel = (leave: NonNullable<VariantBehaviour['leave']>): keyof typeof DELAYS =>
  leave.how === 'outstay' ? 'outstaying' : 'leaving';

function otpDelay(otp: NonNullable<VariantBehaviour['otp']>, drawn: number): number {
  return otp.late === true ? drawn : Math.min(drawn, Math.floor(OTP_ENTRIES_MAX_MS / otpEntries(otp)));
}

/** A variant's behaviour with concrete delays and device ids, for the user at `index`. */
export function concreteBehaviour(
  variant: Variant,
  devices: readonly InventoryDevice[],
  phone: Phone | null,
  seed: number,
  index: number,
): Behaviour {
  const { pairing, push, afterTimeout, otp, select, leave } = variant.behaviour;
  const delay = (model: keyof typeof DELAYS): number =>
    delayMs(DELAYS[model], draw(seed, index, model, 'u1'), draw(seed, index, model, 'u2'));
  return {
    profile: phone?.platform === 'iPhone' ? 'ios' : 'android',
    ...(pairing && { pairing: { result: pairing, afterMs: delay('sdkPairing') } }),
    ...(push && { push: { decision: push, afterMs: push === 'ignore' ? 0 : delay('pushDecision') } }),
    ...(afterTimeout && { afterTimeout }),
    ...(otp && { otp: { wrong: otp.wrong, afterMs: otpDelay(otp, delay(otpModel(otp))) } }),
    ...(select && { select: select.map((at) => devices[at]!.id) }),
    ...(leave && { leave: { ...leave, afterMs: delay(leaveModel(leave)) } }),
  };
}

/** The longest human time, in milliseconds, that a user of a variant can take. */
export function longestHumanMs({ behaviour }: Variant): number {
  const { pairing, push, afterTimeout, otp, leave } = behaviour;
  let ms = 0;
  if (push === 'ignore') ms += LIFETIMES.pushMs * (afterTimeout === 'retry' ? 2 : 1);
  else if (push) ms += DELAYS.pushDecision.maxMs;
  if (otp) ms += otpEntries(otp) * otpDelay(otp, DELAYS[otpModel(otp)].maxMs);
  if (pairing) ms += DELAYS.sdkPairing.maxMs;
  if (leave) ms += DELAYS[leaveModel(leave)].maxMs;
  return ms;
}
