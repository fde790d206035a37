import type { Source } from './source.ts';

/**
 * A client's reaction to an error answer while it waits for a decision (403, 429, 5xx): `ends` the flow and shows the
 * error, `hangs` on its spinner and sends nothing more, or `asks_again` without a pause and without end if the answer
 * is JSON, but hangs on anything else, such as a gateway's HTML page.
 */
export type AtError = 'ends' | 'hangs' | 'asks_again';

/** How a client behaves beyond the protocol (protocol.md section 6). Times in milliseconds. Also the profile file. */
export interface ClientProfile {
  readonly startBy: 'GET' | 'POST';
  /** Content-Type of the start request; `''`: none. */
  readonly startType: string;
  /** Where the start request puts its parameters: the query, a form, or this field of a JSON body. */
  readonly startParametersIn: 'query' | 'form' | 'protocolParameters';
  /** Value of X-XSRF-Header in all requests but the start. */
  readonly xsrf: string;
  /** User-Agent of the app's HTTP library, or of a browser. [choice] */
  readonly userAgent: string;
  /** Answers whose session cookie it accepts: all, or only 200. */
  readonly cookieOf: 'all' | '200';
  /** Answers whose cookieless state it accepts: all, or all but those to a GET of the flow. */
  readonly stateOf: 'all' | 'actions';
  /** How it waits for a push decision: by the action `poll`, or by reading the flow (GET). */
  readonly waitsBy: 'poll' | 'read';
  /** From the state to the first poll. */
  readonly firstPollMs: number;
  /** From an answer to the next poll; with a timer, from poll to poll, starting at the first answer. */
  readonly pollEveryMs: number;
  readonly pace: 'after-answer' | 'timer';
  /** Number of answered polls after which it considers the push timed out; null: never. */
  readonly maxPolls: number | null;
  /** From the answer to the last poll until it gives up and cancels. */
  readonly giveUpAfterMs: number;
  /** Whether it reads the flow once more after the decision. */
  readonly readsDecision: boolean;
  /** From MFA_COMPLETED, or MOBILE_PAIRING_REQUIRED, to `continueAuthentication`. */
  readonly continueAfterMs: number;
  /** Actions besides `authenticate` with a mobile payload. */
  readonly payloadWith: readonly ('selectDevice' | 'checkOtp')[];
  /** Its reaction to an error answer while it waits. */
  readonly atError: AtError;
  /** Resends any request when the reused connection turns out to be closed; otherwise only those safe to repeat. */
  readonly resendsOnReused: boolean;
}

/** A profile of one of Ping's clients, with sources. */
type KnownProfile = ClientProfile & { readonly source: readonly Source[] };

/** Ping's Android app, the base of the other two. */
const ANDROID = {
  startBy: 'POST',
  startType: 'application/vnd.pingidentity.authorization.oauth2+json',
  startParametersIn: 'query',
  xsrf: 'PingFederate',
  userAgent: 'okhttp/4.12.0',
  cookieOf: '200',
  stateOf: 'all',
  waitsBy: 'poll',
  firstPollMs: 1000,
  // One second before each request, and one after each answer.
  pollEveryMs: 2030,
  pace: 'after-answer',
  maxPolls: 15,
  giveUpAfterMs: 1000,
  readsDecision: false,
  continueAfterMs: 0,
  payloadWith: ['selectDevice', 'checkOtp'],
  atError: 'hangs',
  resendsOnReused: false,
  source: ['android', 'measured'],
} as const satisfies KnownProfile;

/** Profiles of Ping's own clients: two mobile apps and the browser. */
export const CLIENT_PROFILES = {
  android: ANDROID,
  ios: {
    ...ANDROID,
    startType: 'application/vnd.pingidentity.initiateOAuthAuthorization+json',
    startParametersIn: 'protocolParameters',
    xsrf: 'test',
    userAgent: 'Authenticator/1.0 CFNetwork/1568.100.1 Darwin/24.0.0',
    cookieOf: 'all',
    pollEveryMs: 1000,
    pace: 'timer',
    maxPolls: 16,
    giveUpAfterMs: 0,
    payloadWith: ['selectDevice'],
    source: ['ios'],
  },
  browser: {
    ...ANDROID,
    startBy: 'GET',
    startType: '',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
    cookieOf: 'all',
    stateOf: 'actions',
    waitsBy: 'read',
    // Immediate, but for the 10 to 25 ms that the page takes to show the state.
    firstPollMs: 15,
    pollEveryMs: 1000,
    maxPolls: null,
    giveUpAfterMs: 0,
    readsDecision: true,
    continueAfterMs: 1000,
    payloadWith: [],
    atError: 'asks_again',
    resendsOnReused: true,
    source: ['widget', 'measured'],
  },
} as const satisfies Record<string, KnownProfile>;

/** Name of a client profile. */
export type ClientProfileName = keyof typeof CLIENT_PROFILES;

/** From the state to the last poll, in milliseconds; Infinity for a client that never gives up. */
export const patienceMs = ({ firstPollMs, pollEveryMs, maxPolls }: ClientProfile): number =>
  firstPollMs + ((maxPolls ?? Infinity) - 1) * pollEveryMs;
