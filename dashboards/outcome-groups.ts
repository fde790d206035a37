import { OUTCOMES } from '../contract/outcomes.ts';
import type { Outcome } from '../contract/outcomes.ts';
import { PRESCRIBABLE } from '../contract/prescribable.ts';

/** Outcomes that no inventory prescribes: the target or the harness was at fault. */
export const FAULTY_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) => !Object.values(PRESCRIBABLE).some((prescribable) => prescribable.includes(outcome)),
);

/** Kinds of flow that pair, of which no inventory wants a pairing_error: what they have of it, the target made. */
export const KINDS_THAT_PAIR: readonly string[] = Object.entries(PRESCRIBABLE)
  .filter(([, outcomes]) => outcomes.some((outcome) => outcome === 'device_paired' || outcome === 'device_not_paired'))
  .filter(([, outcomes]) => !outcomes.includes('pairing_error'))
  .map(([kind]) => kind);
