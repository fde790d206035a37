import type { Source } from './source.ts';

/**
 * What a client does with an error answer while it waits for a decision (403, 429, 5xx): `ends` as an app does that shows it,
 * `hangs` on its spinner and sends nothing more, or `asks_again` at once, without a pause and without end, if the answer is JSON, and hangs
 * on another one, such as a gateway's HTML page.
 */
export type AtError = 'ends' | 'hangs' | 'asks_again';

/** How a client behaves, beyond the protocol (protocol.md section 6). Times in milliseconds. Also the fields of a profile file. */
export interface ClientProfile {
  readonly startBy: 'GET' | 'POST';
  /** Content-Type of the start request; `''`: none. */
  readonly startType: string;
  /** Where the start request has its parameters: in the query, in a form, or in this field of a JSON body. */
  readonly startParametersIn: 'query' | 'form' | 'protocolParameters';
  /** Value of X-XSRF-Header, which each request but the start carries. */
  readonly xsrf: string;
  /** User-Agent: that of the HTTP library in an app, or a browser's. [choice] */
  readonly userAgent: string;
  /** Of which answers it takes the session cookie: of all, or of 200 alone. */
  readonly cookieOf: 'all' | '200';
  /** Of which answers it takes the cookieless state: of all, or not of those to a GET of the flow. */
  readonly stateOf: 'all' | 'actions';
  /** How it waits for the decision of a push: by the action `poll`, or by reading the flow (GET). */
  readonly waitsBy: 'poll' | 'read';
  /** From the state to the first poll. */
  readonly firstPollMs: number;
  /** From an answer to the next poll; or by a timer, which starts at the first answer and waits for no other. */
  readonly pollEveryMs: number;
  readonly pace: 'after-answer' | 'timer';
  /** After so many polls that were answered it treats the push as timed out; null: never. */
  readonly maxPolls: number | null;
  /** From the answer to the last poll to giving up, after which it cancels. */
  readonly giveUpAfterMs: number;
  /** Whether it reads the flow once more when the decision shows. */
  readonly readsDecision: boolean;
  /** From MFA_COMPLETED, or MOBILE_PAIRING_REQUIRED, to `continueAuthentication`. */
  readonly continueAfterMs: number;
  /** Actions after `authenticate` that carry the mobile payload too. */
  readonly payloadWith: readonly ('selectDevice' | 'checkOtp')[];
  /** What it does with an error answer while it waits. */
  readonly atError: AtError;
  /** It sends any request again whose reused connection turns out to be closed; without it, only those that are safe to repeat. */
  readonly resendsOnReused: boolean;
}

/** A profile of Ping's own, and where it comes from. */
type KnownProfile = ClientProfile & { readonly source: readonly Source[] };

/** Ping's Android app, from which the other two differ. */
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
  // A pause of a second before each request, and one after each answer.
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

/** Profiles of Ping's own clients: the two mobile ones and the browser's. */
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
    // At once: what the page takes to show the state, 10 to 25 ms.
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

/** From the state to the last poll, in milliseconds; without an end for a client that never gives up. */
export const patienceMs = ({ firstPollMs, pollEveryMs, maxPolls }: ClientProfile): number =>
  firstPollMs + ((maxPolls ?? Infinity) - 1) * pollEveryMs;
