import type { Source } from './source.ts';

/** How a real client behaves, beyond the protocol. protocol.md section 6. */
export interface ClientProfile {
  /** How it waits for the decision of a push: by the action `poll`, or by reading the flow (GET). */
  readonly waitsBy: 'poll' | 'read';
  /** Milliseconds from the state to the first poll. */
  readonly firstPollMs: number;
  /** Milliseconds between polls: after each answer, or by timer without waiting for the answer. */
  readonly pollEveryMs: number;
  readonly pace: 'after-answer' | 'timer';
  /** After this many polls the client treats the push as timed out; Infinity: never. */
  readonly maxPolls: number;
  /** Milliseconds from MFA_COMPLETED to `continueAuthentication`. */
  readonly continueAfterMs: number;
  /** Actions after `authenticate` that carry the mobile payload too; absent: none. */
  readonly payloadWith?: readonly ('selectDevice' | 'checkOtp')[];
  /** Value of X-XSRF-Header. */
  readonly xsrf: string;
  /** User-Agent: that of the HTTP library in an app, or a browser's. [choice] */
  readonly userAgent: string;
  readonly source: Source;
}

/** Profiles of Ping's own clients: the two mobile ones and the browser's. */
export const CLIENT_PROFILES = {
  android: {
    waitsBy: 'poll',
    firstPollMs: 1000,
    pollEveryMs: 1000,
    pace: 'after-answer',
    maxPolls: 15,
    continueAfterMs: 0,
    payloadWith: ['selectDevice', 'checkOtp'],
    xsrf: 'PingFederate',
    userAgent: 'okhttp/4.12.0',
    source: 'android',
  },
  ios: {
    waitsBy: 'poll',
    firstPollMs: 0,
    pollEveryMs: 1000,
    pace: 'timer',
    maxPolls: 15,
    continueAfterMs: 0,
    payloadWith: ['selectDevice'],
    xsrf: 'test',
    userAgent: 'Authenticator/1.0 CFNetwork/1568.100.1 Darwin/24.0.0',
    source: 'ios',
  },
  browser: {
    waitsBy: 'read',
    firstPollMs: 1000,
    pollEveryMs: 1000,
    pace: 'after-answer',
    maxPolls: Infinity,
    continueAfterMs: 1000,
    payloadWith: [],
    xsrf: 'PingFederate',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    source: 'widget',
  },
} as const satisfies Record<string, ClientProfile>;

/** Name of a client profile. */
export type ClientProfileName = keyof typeof CLIENT_PROFILES;
