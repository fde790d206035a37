import { draw } from '../../contract/draw.ts';
import type { ClientStep } from '../../catalogue/steps.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { PlayedSettings } from '../played-plan.ts';
import { classOf } from './request-class.ts';

/**
 * Whether a request may be retried after this answer: none, 5xx or 429. Repeating `authenticate` or `selectDevice` may
 * send a second push or message, `token` redeems a code twice, and the effect of a custom action is unknown: these are
 * retried only if the server did nothing (429). A passcode is retried only without an answer, because each answered
 * one counts as an attempt.
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

/** Milliseconds of a Retry-After header, in seconds or as a date (RFC 9110 section 10.2.3); 0 without one. */
function retryAfterMs({ headers }: HttpAnswer): number {
  const said = headers['Retry-After'] ?? '';
  const ms = said.endsWith('GMT') ? Date.parse(said) - Date.now() : Number(said) * 1000;
  return ms > 0 && ms < Infinity ? ms : 0;
}

/**
 * Milliseconds of think time until the next attempt; undefined: no retry. The pause doubles with each attempt. Half of
 * it is jitter, drawn by hash of `key`, step and attempt, so that a run can be repeated.
 */
export function pauseBeforeRetry(
  settings: PlayedSettings,
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
