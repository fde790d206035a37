import { OUTCOMES } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';
import { PRESCRIBABLE } from './prescribable.ts';

/**
 * Outcomes that no inventory prescribes: the target or the harness was at fault (docs/architecture.md, "The journey"); and `bypassed`,
 * which one may prescribe for a user whom it knows to come in so.
 */
export const FAULTY_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) =>
    outcome === 'bypassed' || !Object.values(PRESCRIBABLE).some((prescribable) => prescribable.includes(outcome)),
);
