import { shows } from '../../analysis/capacity/answer.ts';
import type { CapacityAnswer } from '../../analysis/capacity/answer.ts';
import { EXIT_CODES } from '../../catalogue/exit-codes.ts';

/**
 * Exit code of an answer: 99 where no rate is known to hold, or a rate that was to be shown is not (undecided is not shown: no gate is
 * open by mistake); 120 where that is the load generator's doing; 105 where the search was stopped.
 */
export function exitOf(answer: CapacityAnswer, atLeast: number | null): number {
  const shown = atLeast === null ? answer.low !== null : shows(answer, atLeast);
  if (answer.verdict === 'stopped') return EXIT_CODES.interrupted.code;
  if (shown) return EXIT_CODES.pass.code;
  return answer.verdict === 'generator' ? EXIT_CODES.invalid.code : EXIT_CODES.thresholds_failed.code;
}
