import type { Behaviour, InventoryUser } from '../contract/inventory.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { FlowStatus } from '../protocol/statuses.ts';
import type { DeviceNeed } from './devices.ts';
import type { Distribution } from './distributions.ts';

/**
 * A population file: the users by share, and how they behave. population.schema.json is authoritative and these types
 * mirror it; docs/population.md explains it. Shares are fractions of 1, times are milliseconds of think time.
 */
export interface PopulationFile {
  readonly $schema?: string;
  readonly version: 1;
  readonly description: string;
  /** The inventory starts with one user of each variant, slowest first. */
  readonly oneOfEachFirst?: boolean;
  readonly clients?: Shares<ClientName>;
  readonly delays?: Partial<Delays>;
  readonly think?: Think;
  readonly leave?: readonly Leave[];
  readonly groups: readonly Group[];
}

/** Users with the same devices and the same shares of behaviour. */
export interface Group {
  readonly name: string;
  /** Fraction of all users. */
  readonly share: number;
  /** Asserts the flow kind that the group leads to. */
  readonly kind?: FlowKind;
  readonly account?: InventoryUser['status'];
  readonly devices: readonly DeviceNeed[];
  readonly phone: PhoneNeed;
  readonly clients?: Shares<ClientName>;
  readonly payload?: Choice<PayloadQuality>;
  /** Indices into `devices`, in the order of selection. */
  readonly select?: readonly number[];
  readonly push?: Choice<PushDecision> & Delayed;
  readonly afterTimeout?: Choice<AfterTimeout>;
  readonly otp?: Choice<OtpEntry> & Delayed & { readonly expiredDelay?: Distribution };
  readonly pairing?: Choice<PairingResult> & Delayed;
  readonly token?: Choice<TokenUse>;
  readonly leave?: readonly Leave[];
  readonly think?: Think;
}

/** The phone with the app: not paired yet, the account's first push device, or none (no mobile payload). */
type PhoneNeed = 'new' | 'paired' | 'none';
/** Who drives the flow. */
export type ClientName = Behaviour['profile'];
export type PayloadQuality = 'good' | 'broken' | 'rooted';
export type PushDecision = NonNullable<Behaviour['push']>['decision'];
export type AfterTimeout = NonNullable<Behaviour['afterTimeout']>;
export type PairingResult = NonNullable<Behaviour['pairing']>['result'];
type TokenUse = 'once' | 'replayed';
/** Wrong passcodes before the right one, or an expired one. */
export type OtpEntry = 'right' | 'wrong_once' | 'wrong_twice' | 'wrong_to_the_limit' | 'expired';

/** Fractions of 1 by name; a name that is missing has none. */
export type Shares<T extends string> = Readonly<Partial<Record<T, number>>>;

/** What users do in one situation, by share. */
interface Choice<T extends string> {
  readonly shares: Shares<T>;
}

interface Delayed {
  readonly delay?: Distribution;
}

/** Delays that a group may leave to the file, and the file to the defaults (delays.ts). */
export interface Delays {
  readonly push: Distribution;
  readonly pairing: Distribution;
  readonly otp: Distribution;
  readonly expiredOtp: Distribution;
  readonly leave: Distribution;
}

/** Time before the user acts in a state, drawn for each user. */
export type Think = Readonly<Partial<Record<ThinkTimeState, Distribution>>>;

/** States that may have a think time; the others have delays of their own. */
export type ThinkTimeState = keyof NonNullable<Behaviour['think']>;

/** Users who leave the flow early. */
export interface Leave {
  readonly at: FlowStatus;
  readonly how: NonNullable<Behaviour['leave']>['how'];
  /** Fraction of those who reach the state. */
  readonly share: number;
  readonly delay?: Distribution;
}

/** Keys of a group that are choices with shares. */
export const CHOICES = ['payload', 'push', 'afterTimeout', 'otp', 'pairing', 'token'] as const;
