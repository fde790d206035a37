import type { Source } from './source.ts';

/** How a real client waits for the decision of a push. protocol.md section 6. */
export interface ClientProfile {
  /** Milliseconds from the state to the first poll. */
  readonly firstPollMs: number;
  /** Milliseconds between polls: after each answer, or by timer without waiting for the answer. */
  readonly pollEveryMs: number;
  readonly pace: 'after-answer' | 'timer';
  /** After so many polls the client treats the push as timed out. */
  readonly maxPolls: number;
  readonly source: Source;
}

/** Profiles of Ping's own mobile clients. */
export const CLIENT_PROFILES = {
  android: { firstPollMs: 1000, pollEveryMs: 1000, pace: 'after-answer', maxPolls: 15, source: 'android' },
  ios: { firstPollMs: 0, pollEveryMs: 1000, pace: 'timer', maxPolls: 15, source: 'ios' },
  browser: { firstPollMs: 1000, pollEveryMs: 1000, pace: 'after-answer', maxPolls: Infinity, source: 'widget' },
} as const satisfies Record<string, ClientProfile>;

/** Name of a client profile. */
export type ClientProfileName = keyof typeof CLIENT_PROFILES;
