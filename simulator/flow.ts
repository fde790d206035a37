import type { MobilePayload } from './wire/phone-api.ts';
import type { StatusValue } from '../protocol/status-attribute.ts';
import type { Account, AccountDevice } from './account.ts';
import type { SimulatedStatus } from './first-factor.ts';
import type { AuthorizationRequest } from './oauth/authorization-request.ts';
import type { Session } from './session.ts';
import type { OAuthClient } from './settings/oauth.ts';

/** Why a flow came to a state of failure, as its resource says it. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** An open pairing: what `serverPayload` stands for, and what the phone API saw. */
export interface Pairing {
  readonly id: string;
  state: 'open' | 'paired' | 'error';
  /** The signed payload, made when the state is first shown. */
  serverPayload: string | null;
}

/** One flow, from its start to its end. Times are milliseconds of the simulator's clock. */
export interface Flow {
  readonly id: string;
  readonly client: OAuthClient;
  readonly request: AuthorizationRequest;
  readonly session: Session;
  status: SimulatedStatus;
  lastSeenAt: number;
  /** What the user is said to be called before the first factor: the hint of the start, or the identifier. */
  claimedName: string | null;
  /** Set by the first factor. */
  account: Account | null;
  /** What the newest mobile payload said of the phone. */
  phone: MobilePayload | null;
  /** The device that was asked for the second factor. */
  selected: AccountDevice | null;
  pushExpiresAt: number;
  /**
   * Until when a poll may ask for the state that came after PUSH_CONFIRMATION_WAITING: without limit until the client
   * has been shown it, then for a moment longer, for the polls that were on their way.
   */
  pollableUntil: number;
  /** The code sent for this flow. */
  sentCode: { readonly value: string; readonly expiresAt: number } | null;
  codesSent: number;
  /** Wrong codes by device id. */
  readonly wrongCodes: Map<string, number>;
  pairing: Pairing | null;
  reason: Reason | null;
  /** How the second factor was passed, without the prefix of the attribute. */
  result: StatusValue | null;
  /** The authorization code, in COMPLETED. */
  code: string | null;
}

/** A flow before its first factor. */
export function newFlow(
  id: string,
  client: OAuthClient,
  request: AuthorizationRequest,
  session: Session,
  now: number,
): Flow {
  return {
    id,
    client,
    request,
    session,
    status: 'USERNAME_PASSWORD_REQUIRED', // until beginFirstFactor
    lastSeenAt: now,
    claimedName: request.loginHint,
    account: null,
    phone: null,
    selected: null,
    pushExpiresAt: 0,
    pollableUntil: -Infinity,
    sentCode: null,
    codesSent: 0,
    wrongCodes: new Map(),
    pairing: null,
    reason: null,
    result: null,
    code: null,
  };
}
