import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import { tidy } from '../flow/words.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { DeviceAnswer } from './device.ts';

/** Code of an error answer. Only a word in capitals counts: anything else may contain a passcode or an address. */
function driverCode(answer: unknown): string | undefined {
  const code = (answer as { code?: unknown } | null)?.code;
  const usable = typeof code === 'string' && code !== '' && code.length <= 40 && code === code.toUpperCase();
  return usable && tidy(code) === code ? code : undefined;
}

/** What becomes of a request that the device side did not answer in JSON. */
export function withoutAnswer({ status, error_code: code }: HttpAnswer): DeviceAnswer<never> {
  const lost = isOwnError(code) ? `error ${code}: ${OWN_ERROR_CODES[code]}` : `error ${code}`;
  return { ok: false, error: status === 0 ? lost : `HTTP ${status} without JSON`, broken: true };
}

/** What becomes of a request that it answered with an error. */
export function refusal({ status }: HttpAnswer, answer: unknown): DeviceAnswer<never> {
  const code = driverCode(answer);
  return { ok: false, error: code ?? `HTTP ${status}`, broken: code === undefined || status >= 500 };
}
