import type { Behaviour, InventoryUser } from '../contract/inventory.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { FlowStatus } from '../protocol/statuses.ts';
import type { DeviceNeed } from './devices.ts';
import type { Distribution } from './distributions.ts';

/**
 * A population file: which users there are, by share, and how each behaves. JSON; population.schema.json is the
 * authority of its shape and these types repeat it, docs/population.md explains it. Shares are parts of 1, times are
 * milliseconds of think time.
 */
export interface PopulationFile {
  readonly $schema?: string;
  readonly version: 1;
  readonly description: string;
  /** The inventory begins with one user of each variant, the slowest first. */
  readonly oneOfEachFirst?: boolean;
  readonly clients?: Shares<ClientName>;
  readonly delays?: Partial<Delays>;
  readonly think?: Think;
  readonly leave?: readonly Leave[];
  readonly groups: readonly Group[];
}

/** Users who have the same devices and behave by the same shares. */
export interface Group {
  readonly name: string;
  /** Part of all users. */
  readonly share: number;
  /** What the rest of the group must lead to: an assertion. */
  readonly kind?: FlowKind;
  readonly account?: InventoryUser['status'];
  readonly devices: readonly DeviceNeed[];
  readonly phone: PhoneNeed;
  readonly clients?: Shares<ClientName>;
  readonly payload?: Choice<PayloadQuality>;
  /** Places in `devices`, in the order of selection. */
  readonly select?: readonly number[];
  readonly push?: Choice<PushDecision> & Delayed;
  readonly afterTimeout?: Choice<AfterTimeout>;
  readonly otp?: Choice<OtpEntry> & Delayed & { readonly expiredDelay?: Distribution };
  readonly pairing?: Choice<PairingResult> & Delayed;
  readonly token?: Choice<TokenUse>;
  readonly leave?: readonly Leave[];
  readonly think?: Think;
}

/** The phone that runs the app: not paired yet, the first push device of the account, or none (no mobile payload). */
type PhoneNeed = 'new' | 'paired' | 'none';
/** Who drives the flow. */
export type ClientName = Behaviour['profile'];
export type PayloadQuality = 'good' | 'broken' | 'rooted';
export type PushDecision = NonNullable<Behaviour['push']>['decision'];
export type AfterTimeout = NonNullable<Behaviour['afterTimeout']>;
export type PairingResult = NonNullable<Behaviour['pairing']>['result'];
type TokenUse = 'once' | 'replayed';
/** How a passcode is entered: the wrong ones before the right one, or too late. */
export type OtpEntry = 'right' | 'wrong_once' | 'wrong_twice' | 'wrong_to_the_limit' | 'expired';

/** Parts of 1 by name; what is not named has none. */
export type Shares<T extends string> = Readonly<Partial<Record<T, number>>>;

/** What users do in one situation, by share. */
interface Choice<T extends string> {
  readonly shares: Shares<T>;
}

interface Delayed {
  readonly delay?: Distribution;
}

/** Every delay that a group may leave to the file, and the file to defaults (delays.ts). */
export interface Delays {
  readonly push: Distribution;
  readonly pairing: Distribution;
  readonly otp: Distribution;
  readonly expiredOtp: Distribution;
  readonly leave: Distribution;
}

/** Time before the user acts in a state, drawn anew for each user. */
export type Think = Readonly<Partial<Record<ThinkTimeState, Distribution>>>;

/** States in which a think time can be said; the others have delays of their own. */
export type ThinkTimeState = keyof NonNullable<Behaviour['think']>;

/** Who leaves the flow early. */
export interface Leave {
  readonly at: FlowStatus;
  readonly how: NonNullable<Behaviour['leave']>['how'];
  /** Part of those who reach the state. */
  readonly share: number;
  readonly delay?: Distribution;
}

/** Every choice of a group that has shares; the names are those of its keys. */
export const CHOICES = ['payload', 'push', 'afterTimeout', 'otp', 'pairing', 'token'] as const;
