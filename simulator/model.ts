import type { InventoryDevice, InventoryUser } from '../contract/inventory.ts';
import type { FlowDevice, FlowUser } from '../protocol/resources.ts';
import type { StatusValue } from '../protocol/status-attribute.ts';
import type { FlowStatus } from '../protocol/statuses.ts';
import type { Session } from './session.ts';
import type { OAuthClient } from './settings/oauth.ts';
import type { MobilePayload } from './wire/phone-api.ts';

/** A user's account at PingOne, as the simulator keeps it. */
export interface Account {
  readonly user: InventoryUser;
  /** The user, as flows show it. */
  readonly view: FlowUser;
  devices: AccountDevice[];
  /** Phones paired since the last reset; makes their ids. */
  pairings: number;
  /** Wrong passwords in a row. */
  wrongPasswords: number;
}

/** A paired device and what happens on it. */
export interface AccountDevice {
  readonly account: Account;
  readonly model: InventoryDevice;
  /** The device, as flows show it while it is not locked. */
  readonly view: FlowDevice;
  /** Too many wrong codes were entered; lasts until the account is reset. */
  locked: boolean;
  /** Newest code sent to it, for the phone API; null: none, or used. */
  newestCode: string | null;
  /** Codes sent to it since the last reset; makes the next code. */
  codesSent: number;
  /** The flow whose push waits on it. */
  waiting: Flow | null;
}

/** What the client asked for at the start; null where it said nothing. */
export interface AuthorizationRequest {
  readonly scope: string;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly acr: string | null;
  readonly loginHint: string | null;
  readonly redirectUri: string | null;
  /** PKCE challenge of method S256. */
  readonly codeChallenge: string | null;
}

/** Stands for the status of a deployment's own first factor; clients see the name that the settings give it. */
export const CUSTOM = 'CUSTOM';

/** Stands for a state of the adapter or of its neighbours that nobody here plays; clients see the name of the flow's `stop`. */
export const STOP = 'STOP';

/** A state that the simulator only shows. */
export interface Stop {
  readonly status: string;
  /** Actions that it offers, of the protocol or not. */
  readonly offers: readonly string[];
}

/** A status of a simulated flow. */
export type SimulatedStatus = FlowStatus | typeof CUSTOM | typeof STOP;

/** Why a flow came to a state of failure, as its resource says it. */
interface Reason {
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
  /** The state that is shown in STOP. */
  stop: Stop | null;
  /** States of the policy that lie before the MFA adapter. */
  ahead: readonly Stop[];
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
