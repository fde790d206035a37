import type { CutFault } from '../wire/faults.ts';
import type { Effect } from './effects.ts';

/** Everything was done, but the connection ends in the middle of the answer. */
export const halfAnswer: Effect<CutFault> = async ({ serve, hit }) => {
  hit();
  return { ...(await serve()), cut: 'middle' };
};
