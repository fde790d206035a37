import type { InventoryDevice, InventoryUser } from '../contract/inventory.ts';
import type { FlowDevice, FlowUser } from '../protocol/resources.ts';
import type { StatusValue } from '../protocol/status-attribute.ts';
import type { FlowStatus } from '../protocol/statuses.ts';
import type { Session } from './session.ts';
import type { OAuthClient } from './settings/oauth.ts';
import type { MobilePayload } from './wire/phone-api.ts';

/** A user's account at PingOne. */
export interface Account {
  readonly user: InventoryUser;
  /** The user as shown in flows. */
  readonly view: FlowUser;
  devices: AccountDevice[];
  /** Phones paired since the last reset; their ids derive from it. */
  pairings: number;
  /** Consecutive wrong passwords. */
  wrongPasswords: number;
}

/** A paired device and its state. */
export interface AccountDevice {
  readonly account: Account;
  readonly model: InventoryDevice;
  /** The device as shown in flows while it is not locked. */
  readonly view: FlowDevice;
  /** Locked by too many wrong codes, until the account is reset. */
  locked: boolean;
  /** Latest code sent to it, for the phone API; null: none, or already used. */
  newestCode: string | null;
  /** Codes sent to it since the last reset; the next code derives from it. */
  codesSent: number;
  /** The flow whose push is pending on it. */
  waiting: Flow | null;
}

/** Parameters of the start request; null: absent. */
export interface AuthorizationRequest {
  readonly scope: string;
  readonly state: string | null;
  readonly nonce: string | null;
  readonly acr: string | null;
  readonly loginHint: string | null;
  readonly redirectUri: string | null;
  /** PKCE challenge of method S256. */
  readonly codeChallenge: string | null;
  /** A signed request object says pi.testDevice=allow. */
  readonly testDevice: boolean;
}

/** Placeholder status of a custom first factor; clients see the name from the settings. */
export const CUSTOM = 'CUSTOM';

/** Placeholder status of states that are not simulated; clients see the name in the flow's `stop`. */
export const STOP = 'STOP';

/** A state that is only shown. */
export interface Stop {
  readonly status: string;
  /** Offered actions, of the protocol or not. */
  readonly offers: readonly string[];
}

export type SimulatedStatus = FlowStatus | typeof CUSTOM | typeof STOP;

/** Reason for a failure state, as shown in the resource. */
interface Reason {
  readonly code: string;
  readonly message: string;
}

/** An open pairing: the subject of a `serverPayload`, and what the phone API has seen. */
export interface Pairing {
  readonly id: string;
  state: 'open' | 'paired' | 'error';
  /** Signed when the state is first shown. */
  serverPayload: string | null;
}

/** A flow. Times are in milliseconds of the simulator's clock. */
export interface Flow {
  readonly id: string;
  readonly client: OAuthClient;
  readonly request: AuthorizationRequest;
  readonly session: Session;
  status: SimulatedStatus;
  /** The state shown in STOP. */
  stop: Stop | null;
  /** Policy states still ahead, before the MFA adapter. */
  ahead: readonly Stop[];
  lastSeenAt: number;
  /** Alleged user name before the first factor: the start's hint, or the identifier. */
  claimedName: string | null;
  /** Set by the first factor. */
  account: Account | null;
  /** The phone in the latest mobile payload. */
  phone: MobilePayload | null;
  /** The challenged device. */
  selected: AccountDevice | null;
  pushExpiresAt: number;
  /**
   * Until when polls may ask for the state after PUSH_CONFIRMATION_WAITING: unlimited until the client has seen it,
   * then briefly, for polls already under way.
   */
  pollableUntil: number;
  sentCode: { readonly value: string; readonly expiresAt: number } | null;
  codesSent: number;
  /** Counts of wrong codes by device id. */
  readonly wrongCodes: Map<string, number>;
  pairing: Pairing | null;
  reason: Reason | null;
  /** Value of the status attribute, without its prefix. */
  result: StatusValue | null;
  /** Set in COMPLETED. */
  code: string | null;
}
