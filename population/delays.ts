import { LIFETIMES } from '../contract/lifetimes.ts';

/** How long a person or a phone takes: a log-normal distribution, cut off on both sides. Milliseconds of human time. */
export interface DelayModel {
  readonly minMs: number;
  readonly medianMs: number;
  readonly maxMs: number;
  /** Standard deviation of the logarithm. */
  readonly sigma: number;
}

/**
 * Every delay that is drawn. Medians are guesses of ours; the bounds are not: a decision must come before the push times
 * out (LIFETIMES.pushMs) and before the client loses patience (15 polls, at least 14 s), a late code after it has
 * expired and before the flow has (LIFETIMES.flowIdleMs).
 */
export const DELAYS = {
  pushDecision: { minMs: 500, medianMs: 2_000, maxMs: 6_000, sigma: 0.5 },
  sdkPairing: { minMs: 300, medianMs: 900, maxMs: 3_000, sigma: 0.5 },
  otpEntry: { minMs: 1_000, medianMs: 2_500, maxMs: 6_000, sigma: 0.4 },
  lateOtpEntry: {
    minMs: LIFETIMES.otpMs + 2_000,
    medianMs: LIFETIMES.otpMs + 3_000,
    maxMs: LIFETIMES.otpMs + 6_000,
    sigma: 0.1,
  },
  leaving: { minMs: 300, medianMs: 1_500, maxMs: 4_000, sigma: 0.5 },
  outstaying: {
    minMs: LIFETIMES.flowIdleMs + 5_000,
    medianMs: LIFETIMES.flowIdleMs + 5_000,
    maxMs: LIFETIMES.flowIdleMs + 5_000,
    sigma: 0,
  },
} as const satisfies Record<string, DelayModel>;

/** All entries of one passcode together stay below this, so that a later one does not meet an expired code. */
export const OTP_ENTRIES_MAX_MS = LIFETIMES.otpMs - 3_000;

/**
 * Whole milliseconds from two uniform numbers in [0, 1), by the Box-Muller transform
 * (https://doi.org/10.1214/aoms/1177706645).
 */
export function delayMs(model: DelayModel, u1: number, u2: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - u1)) * Math.cos(2 * Math.PI * u2);
  const ms = model.medianMs * Math.exp(model.sigma * normal);
  return Math.round(Math.min(model.maxMs, Math.max(model.minMs, ms)));
}
