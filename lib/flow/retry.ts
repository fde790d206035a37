import { draw } from '../../contract/draw.ts';
import { STORM } from '../../catalogue/steps.ts';
import type { ClientStep } from '../../catalogue/steps.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { Settings } from '../settings.ts';
import type { RequestClass } from '../settings/client.ts';

/** Class of a request, by which it is retried and timed out. */
export function classOf(step: ClientStep | typeof STORM): RequestClass {
  if (step === 'start') return 'start';
  return step === 'poll' || step === 'readFlow' || step === STORM ? 'poll' : 'action';
}

/**
 * Whether a request may be sent again after this answer. No answer, 5xx and 429 invite to; but a repeated `authenticate` or
 * `selectDevice` may send a second push or message, a repeated `token` spends a code that is spent, a custom action nobody knows, so these are repeated
 * only where the server says that it did nothing (429); a passcode only where no answer came, never after one: each
 * counts as an attempt.
 */
function isSafe(step: ClientStep, status: number): boolean {
  switch (step) {
    case 'authenticate':
    case 'selectDevice':
    case 'customAction':
    case 'token':
      return status === 429;
    case 'checkOtp':
      return status === 0;
    default:
      return status === 0 || status === 429 || status >= 500;
  }
}

/** Milliseconds of a Retry-After header, in seconds or until a date (RFC 9110 section 10.2.3); 0 without one. */
function retryAfterMs({ headers }: HttpAnswer): number {
  const said = headers['Retry-After'] ?? '';
  const ms = said.endsWith('GMT') ? Date.parse(said) - Date.now() : Number(said) * 1000;
  return ms > 0 && ms < Infinity ? ms : 0;
}

/**
 * Milliseconds of think time until the next attempt, or `undefined` where there is none. The pause doubles from attempt to
 * attempt; half of it is jitter, drawn by the hash of `key`, the step and the attempt, so that a run can be repeated.
 */
export function pauseBeforeRetry(
  settings: Settings,
  step: ClientStep,
  attempt: number,
  res: HttpAnswer,
  key: string,
): number | undefined {
  if (attempt > settings.retries[classOf(step)] || !isSafe(step, res.status)) return undefined;
  const backoff = Math.min(settings.retryBackoffMaxMs, settings.retryBackoffMs * 2 ** (attempt - 1));
  const jittered = backoff * (0.5 + draw(0, 'retry', key, step, attempt) / 2);
  return Math.max(jittered, retryAfterMs(res));
}
