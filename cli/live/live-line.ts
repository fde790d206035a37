import { lengthInWords } from '../load-in-words.ts';
import type { LiveNumbers } from './live-numbers.ts';
import { NO_VALUE, elapsedText, msText, ratePerSecond, sharePercent } from './number-words.ts';
import { outcomeWords } from './outcome-words.ts';

/** `0:12/1:15`; after the planned length, flows still under way are finishing. */
export function timeWords({ elapsedMs, totalMs, finishingMs }: LiveNumbers): string {
  if (totalMs === undefined) return elapsedText(elapsedMs);
  return `${elapsedText(elapsedMs)}/${elapsedText(totalMs)}${elapsedMs > totalMs && finishingMs === undefined ? ' finishing' : ''}`;
}

/**
 * `19.8/20.0 flows/s`: started recently / planned for that time. Iterations are counted when they end: `19.8/20.0 iters
 * ended/s`. After a stop: `finishing 2 flows (up to 90 s)`.
 */
export function rateWords({ perSecond: rate, plannedPerSecond, unit, vus, finishingMs }: LiveNumbers): string {
  if (finishingMs !== undefined)
    return `finishing ${vus} ${vus === 1 ? unit.slice(0, -1) : unit} (up to ${lengthInWords(finishingMs)})`;
  const planned = plannedPerSecond === undefined ? '' : `/${ratePerSecond(plannedPerSecond)}`;
  return `${ratePerSecond(rate)}${planned} ${unit === 'flows' ? 'flows' : 'iters ended'}/s`;
}

export function errorWords(errors: number): string {
  return `${errors} ${errors === 1 ? 'error' : 'errors'}`;
}

/** `2 threw`: iterations ended by an exception, which need not involve a failed request. */
export function threwWords(threw: number): string {
  return `${threw} threw`;
}

/** Such as `auth 30, paired 12`. */
export function outcomesWords({ outcomes }: LiveNumbers): string {
  return outcomes.map(({ outcome, count }) => `${outcomeWords(outcome)} ${count}`).join(', ');
}

/**
 * One line of progress, most important first because a narrow terminal cuts the end:
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
