import { OUTCOMES } from './outcomes.ts';
import type { Outcome } from './outcomes.ts';
import { PRESCRIBABLE } from './prescribable.ts';

/**
 * Outcomes that no inventory expects: the target or the harness was at fault (docs/architecture.md, "The journey"); and
 * `bypassed`, which an inventory may expect of users who skip MFA.
 */
export const FAULTY_OUTCOMES: readonly Outcome[] = OUTCOMES.filter(
  (outcome) =>
    outcome === 'bypassed' || !Object.values(PRESCRIBABLE).some((prescribable) => prescribable.includes(outcome)),
);
