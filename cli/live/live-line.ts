import { lengthInWords } from '../load-in-words.ts';
import type { LiveNumbers } from './live-numbers.ts';
import { NO_VALUE, clockTime, msText, ratePerSecond, sharePercent } from './number-words.ts';
import { outcomeWords } from './outcome-words.ts';

/** `0:12/1:15`; behind the planned length, flows that were started still run to their end. */
export function timeWords({ elapsedMs, totalMs, finishingMs }: LiveNumbers): string {
  if (totalMs === undefined) return clockTime(elapsedMs);
  return `${clockTime(elapsedMs)}/${clockTime(totalMs)}${elapsedMs > totalMs && finishingMs === undefined ? ' finishing' : ''}`;
}

/**
 * `19.8/20.0 flows/s`: what was started lately, and what was planned for that time. Iterations are counted when they end:
 * `19.8/20.0 iters ended/s`. Of a run that was stopped: `finishing 2 flows (up to 90 s)`.
 */
export function rateWords({ perSecond: rate, plannedPerSecond, unit, vus, finishingMs }: LiveNumbers): string {
  if (finishingMs !== undefined)
    return `finishing ${vus} ${vus === 1 ? unit.slice(0, -1) : unit} (up to ${lengthInWords(finishingMs)})`;
  const planned = plannedPerSecond === undefined ? '' : `/${ratePerSecond(plannedPerSecond)}`;
  return `${ratePerSecond(rate)}${planned} ${unit === 'flows' ? 'flows' : 'iters ended'}/s`;
}

/** `1 error`. */
export function errorWords(errors: number): string {
  return `${errors} ${errors === 1 ? 'error' : 'errors'}`;
}

/** `2 threw`: iterations that an exception ended; none of them need have sent a request that failed. */
export function threwWords(threw: number): string {
  return `${threw} threw`;
}

/** `auth 30, paired 12`. */
export function outcomesWords({ outcomes }: LiveNumbers): string {
  return outcomes.map(({ outcome, count }) => `${outcomeWords(outcome)} ${count}`).join(', ');
}

/**
 * How a run is doing as one line, what matters most first, so that a narrow terminal cuts the rest:
 * `0:12/1:15 steady  25 VUs  19.8/20.0 flows/s  p95 34.1 ms  0 errors  polls 62.1/s p95 48.3 ms | auth 30, paired 12`.
 */
export function liveLine(numbers: LiveNumbers): string {
  const { part, vus, p95Ms, errors, threw, polling, pairing } = numbers;
  const parts = [
    `${timeWords(numbers)}${part === undefined ? '' : ` ${part}`}`,
    `${vus} VUs`,
    rateWords(numbers),
    ...(p95Ms === undefined ? [] : [`p95 ${msText(p95Ms)}`]),
    errorWords(errors),
    ...(threw === 0 ? [] : [threwWords(threw)]),
    ...(pairing?.errors === undefined ? [] : [`pairing_error ${sharePercent(pairing.errors)}`]),
    ...(polling === undefined ? [] : [pollingWords(polling)]),
  ];
  const outcomes = outcomesWords(numbers);
  return parts.join('  ') + (outcomes === '' ? '' : ` | ${outcomes}`);
}

function pollingWords({ perSecond: rate, p95Ms, lagP95Ms }: NonNullable<LiveNumbers['polling']>): string {
  const latency = p95Ms === undefined ? '' : ` p95 ${msText(p95Ms)}`;
  const lag = lagP95Ms === undefined ? '' : `, decision lag p95 ${msText(lagP95Ms)}`;
  return `polls ${rate === 0 ? NO_VALUE : `${ratePerSecond(rate)}/s`}${latency}${lag}`;
}
