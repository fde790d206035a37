import { PRESCRIBABLE } from '../catalogue/prescribable.ts';

/** Kinds of flow that pair, of which no inventory wants a pairing_error: what they have of it, the target made. */
export const KINDS_THAT_PAIR: readonly string[] = Object.entries(PRESCRIBABLE)
  .filter(([, outcomes]) => outcomes.some((outcome) => outcome === 'device_paired' || outcome === 'device_not_paired'))
  .filter(([, outcomes]) => !outcomes.includes('pairing_error'))
  .map(([kind]) => kind);
