import type { RecordTotals } from '../../analysis/record-totals.ts';
import { EXIT_CODES } from '../../contract/exit-codes.ts';
import type { ExitName } from '../../contract/exit-codes.ts';
import { DELAY_LIMITS } from '../../contract/run-record/own-delay.ts';
import { trendStatistic } from '../../contract/series-values.ts';
import { tooSlow } from '../../engine/honesty/own-delay.ts';
import type { Finding } from '../../engine/result.ts';

/**
 * The finding that the load generator was at fault, by all that k6's samples tell of it: how late timers of virtual users
 * fired (`step_lateness`), at the limit that the engine has for its own.
 */
export function generatorFault(totals: RecordTotals, durationMs: number): Finding | undefined {
  const total = totals.select('step_lateness');
  if (total === undefined || !('histogram' in total) || durationMs < DELAY_LIMITS.shortestMs) return undefined;
  const p99Ms = trendStatistic(total, 'p(99)');
  const limitMs = DELAY_LIMITS.startLagP99Ms;
  if (p99Ms <= limitMs) return undefined;
  return { exit: 'invalid', reason: tooSlow('timers of its virtual users fired late', p99Ms, limitMs) };
}

/** The finding that k6's own exit code is; what 99 means is seen in the samples, and said from them. */
export function k6Ending(code: number | undefined): Finding | undefined {
  if (code === undefined || code === 0) return undefined;
  const known = (Object.keys(EXIT_CODES) as ExitName[]).find((name) => EXIT_CODES[name].code === code);
  const exit = known === undefined || STARTLESS.includes(known) ? 'script_exception' : known;
  return { exit, reason: `k6 ended with exit code ${code}` };
}

/** Codes of a run that made no load: what has samples all the same was a fault somewhere in it. */
const STARTLESS: readonly ExitName[] = ['invalid_configuration', 'internal_error'];
