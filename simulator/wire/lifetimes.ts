/**
 * How long things live in the simulator, in milliseconds of think time (TIME_SCALE shortens them). The inventory
 * reckons with them when it prescribes an outcome that needs waiting. Far shorter than PingOne's defaults, so that every
 * ending can be seen within a minute. [choice]
 */
export const LIFETIMES = {
  /** A flow without a request for so long is gone (404). */
  flowIdleMs: 30_000,
  /** A push that nobody answered for so long has timed out. */
  pushMs: 12_000,
  /** A code by SMS, email or voice. PingOne's default is 30 minutes. */
  otpMs: 15_000,
} as const;

/** Attempts before a passcode is used up (PingOne's default). [doc] */
export const OTP_ATTEMPTS = 3;
