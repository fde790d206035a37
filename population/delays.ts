import { LIFETIMES } from '../simulator/wire/lifetimes.ts';
import { CLIENT_PROFILES, patienceMs } from '../protocol/client-profiles.ts';
import type { Range } from './distributions.ts';
import type { ClientName, Delays } from './population-file.ts';

/** Delays for a population file without any. The medians are our guesses. */
export const DEFAULT_DELAYS: Delays = {
  push: { distribution: 'log-normal', medianMs: 2_000, sigma: 0.5, minMs: 500, maxMs: 6_000 },
  pairing: { distribution: 'log-normal', medianMs: 900, sigma: 0.5, minMs: 300, maxMs: 3_000 },
  otp: { distribution: 'log-normal', medianMs: 2_500, sigma: 0.4, minMs: 1_000, maxMs: 6_000 },
  expiredOtp: { distribution: 'uniform', minMs: LIFETIMES.otpMs + 2_000, maxMs: LIFETIMES.otpMs + 6_000 },
  leave: { distribution: 'log-normal', medianMs: 1_500, sigma: 0.5, minMs: 300, maxMs: 4_000 },
};

/** How long a user stays away who comes back after the flow has expired. */
export const OUTSTAYING_MS = LIFETIMES.flowIdleMs + 5_000;

/** Margin for requests, timers and a busy machine, so that the expected outcome still holds. */
const MARGIN_MS = 2_000;
/** The margin where a whole flow must not expire. */
const FLOW_MARGIN_MS = 5_000;
/** The margin for all entries of a passcode together. */
const OTP_MARGIN_MS = 5_000;

/** Within what each delay must lie, so that what is prescribed comes true. Milliseconds of think time. */
export const DELAY_WINDOWS = {
  /** Before the push times out and before the client gives up. */
  push: (client: ClientName): Range => ({
    minMs: 0,
    maxMs: Math.min(LIFETIMES.pushMs, patienceMs(CLIENT_PROFILES[client])) - MARGIN_MS,
  }),
  pairing: (): Range => ({ minMs: 0, maxMs: LIFETIMES.flowIdleMs - FLOW_MARGIN_MS }),
  /** For each of several entries of a passcode, so that the last one is still before the code expires. */
  otp: (entries: number): Range => ({ minMs: 0, maxMs: Math.floor((LIFETIMES.otpMs - OTP_MARGIN_MS) / entries) }),
  expiredOtp: (): Range => ({ minMs: LIFETIMES.otpMs + MARGIN_MS, maxMs: LIFETIMES.flowIdleMs - FLOW_MARGIN_MS }),
  /** Before a push times out. */
  leave: (): Range => ({ minMs: 0, maxMs: LIFETIMES.pushMs - MARGIN_MS }),
  outstay: (): Range => ({ minMs: OUTSTAYING_MS, maxMs: 600_000 }),
  think: (): Range => ({ minMs: 0, maxMs: LIFETIMES.flowIdleMs - FLOW_MARGIN_MS }),
} as const;
