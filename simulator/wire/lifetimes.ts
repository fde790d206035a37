/**
 * Lifetimes in the simulator, in milliseconds of think time (TIME_SCALE shortens them). The inventory relies on them
 * for expected outcomes that involve waiting. Far shorter than PingOne's defaults, so that every ending can be seen
 * within a minute. [choice]
 */
export const LIFETIMES = {
  /** Idle time after which a flow is gone (404). */
  flowIdleMs: 30_000,
  /** Time after which an unanswered push times out. */
  pushMs: 12_000,
  /** A code by SMS, email or voice. PingOne's default is 30 minutes. */
  otpMs: 15_000,
} as const;

/** Attempts before a passcode is invalid (PingOne's default). [doc] */
export const OTP_ATTEMPTS = 3;
