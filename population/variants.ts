import { OTP_ATTEMPTS } from '../simulator/wire/lifetimes.ts';
import type { Behaviour } from '../contract/inventory.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { Distribution } from './distributions.ts';
import type {
  AfterTimeout,
  ClientName,
  Delays,
  Group,
  OtpEntry,
  PairingResult,
  PushDecision,
  Shares,
  ThinkTimeState,
} from './population-file.ts';

/** One path that a flow of a group can take: devices, behaviour, and expected outcome. */
export interface Variant {
  readonly group: Group;
  /** Names the choices taken, for people. */
  readonly name: string;
  /** Fraction of all users. */
  readonly share: number;
  readonly kind: FlowKind;
  readonly prescribed: Outcome;
  /** Possible clients, by share. */
  readonly clients: Shares<ClientName>;
  readonly behaviour: VariantBehaviour;
  /** Delays of its behaviour, and think times of the states it acts in. */
  readonly delays: Delays;
  readonly think: Readonly<Partial<Record<ThinkTimeState, Distribution>>>;
}

/** A behaviour without delays and device ids, which are drawn per user. */
export interface VariantBehaviour {
  readonly payload?: 'broken' | 'rooted';
  readonly pairing?: PairingResult;
  readonly push?: PushDecision;
  readonly afterTimeout?: AfterTimeout;
  readonly otp?: OtpEntry;
  readonly token?: 'replayed';
  readonly selects?: true;
  readonly leave?: Pick<NonNullable<Behaviour['leave']>, 'at' | 'how'> & { readonly delay: Distribution };
}

/** Wrong codes before the right one; at the attempt limit no right one follows. */
export const WRONG_CODES: Readonly<Record<OtpEntry, number>> = {
  right: 0,
  wrong_once: 1,
  wrong_twice: 2,
  wrong_to_the_limit: OTP_ATTEMPTS,
  expired: 0,
};

/** How often a code is entered: until it is right or the attempts are used up. */
export const otpEntries = (otp: OtpEntry): number => Math.min(WRONG_CODES[otp] + 1, OTP_ATTEMPTS);
