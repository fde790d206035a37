import type { CutFault } from '../wire/faults.ts';
import type { Effect } from './effects.ts';

/** The connection ends without an answer; nothing was done. */
export const drop: Effect<CutFault> = ({ hit }) => {
  hit();
  return { httpStatus: 0, body: null, cut: 'before', code: 'fault' };
};
