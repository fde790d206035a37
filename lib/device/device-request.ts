import http from 'k6/http';
import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { DeviceAnswer } from './device.ts';
import type { Params, ResponseType } from 'k6/http';

/** Parameters of the requests with this name. */
export function deviceParams(name: string, more: Params = {}): Params {
  return {
    ...more,
    headers: { 'Content-Type': 'application/json', Accept: 'application/json', ...more.headers },
    tags: Object.freeze({ name, peer: 'device' }),
    redirects: 0,
    responseType: 'text',
    // The connection to the device side is not under test.
    ...{ resendOnReused: true },
  };
}

/** Code of an error answer. Only a word in capitals counts: anything else may contain a passcode or an address. */
function driverCode(answer: unknown): string | undefined {
  const code = (answer as { code?: unknown } | null)?.code;
  return typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : undefined;
}

function withoutAnswer({ status, error_code: error }: HttpAnswer): string {
  if (status !== 0) return `HTTP ${status} without JSON`;
  return isOwnError(error) ? `error ${error}: ${OWN_ERROR_CODES[error]}` : `error ${error}`;
}

/** Posts JSON to the device side. An answer without a body is `{}`. */
export async function postToDevice(url: string, body: object, params: Params): Promise<DeviceAnswer<unknown>> {
  const res = await http.asyncRequest<ResponseType>('POST', url, JSON.stringify(body), params);
  const succeeded = res.status >= 200 && res.status < 300;
  if (succeeded && (res.body === null || res.body === '')) return { ok: true, value: {} };
  let answer: unknown;
  try {
    answer = res.json();
  } catch {
    return { ok: false, error: withoutAnswer(res), broken: true };
  }
  if (succeeded) return { ok: true, value: answer };
  const code = driverCode(answer);
  return { ok: false, error: code ?? `HTTP ${res.status}`, broken: code === undefined || res.status >= 500 };
}

/** A non-empty text field of an answer. */
export function textOf(answer: DeviceAnswer<unknown>, field: string): DeviceAnswer<string> {
  if (!answer.ok) return answer;
  const value = (answer.value as Readonly<Record<string, unknown>> | null)?.[field];
  return typeof value === 'string' && value !== ''
    ? { ok: true, value }
    : { ok: false, error: `no ${field} in the response` };
}
