import type { ScalingDoubt } from './scaling.ts';
import { nodesWords } from './units.ts';

/** Why a law is not used, in words. */
export function doubtWords(doubt: ScalingDoubt): string {
  return doubt.code === 'superlinear'
    ? 'nodes took more together than alone, which it does not know'
    : `the answer at ${nodesWords(doubt.nodes!)} lies beside it by more than twice its own error`;
}
