import type { Fault, FaultKind, FaultStep } from '../wire/faults.ts';
import type { Answer } from '../answer.ts';
import type { Deployment } from '../deployment.ts';
import { delay } from './delay.ts';
import { drop } from './drop.ts';
import { garbled } from './garbled.ts';
import { halfAnswer } from './half-answer.ts';
import { lostPush } from './lost-push.ts';
import type { StandingFault } from './standing-fault.ts';
import { status } from './status.ts';

/** A request that a fault hits. */
export interface Stricken<F extends Fault = Fault> {
  readonly fault: F;
  readonly standing: StandingFault;
  readonly deployment: Deployment;
  readonly step: FaultStep;
  readonly flowId: string;
  /** Carries the request out. */
  readonly serve: () => Promise<Answer>;
  /** The fault has hit: uses up one of its `first`. Called once, or never if there was nothing to spoil. */
  readonly hit: () => void;
}

/** Answers a request that a fault hits. */
export type Effect<F extends Fault> = (stricken: Stricken<F>) => Answer | Promise<Answer>;

type FaultOf<K extends FaultKind> = Extract<Fault, { readonly kind: K }>;

/** Forgotten flows answer by themselves: that fault hits no request (forget-flows.ts). */
type AnsweringKind = Exclude<FaultKind, 'forget-flows'>;

const EFFECTS: { readonly [K in AnsweringKind]: Effect<FaultOf<K>> } = {
  status,
  delay,
  drop,
  'half-answer': halfAnswer,
  garbled,
  'lost-push': lostPush,
};

/** What the fault does to the request. */
export function effectOf(kind: AnsweringKind): Effect<Fault> {
  return EFFECTS[kind] as Effect<Fault>;
}
