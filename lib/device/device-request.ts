import http from 'k6/http';
import type { DeviceAnswer } from './device.ts';
import type { Params, ResponseType } from 'k6/http';

const JSON_HEADERS = { 'Content-Type': 'application/json', Accept: 'application/json' };

/** Parameters of the requests with this name. */
export function deviceParams(name: string, more: Params = {}): Params {
  return {
    ...more,
    headers: more.headers === undefined ? JSON_HEADERS : { ...JSON_HEADERS, ...more.headers },
    tags: Object.freeze({ name, peer: 'device' }),
    redirects: 0,
    responseType: 'text',
    // The connection to the device side is not under test.
    ...{ resendOnReused: true },
  };
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
    return require('./request-failure.ts').withoutAnswer(res);
  }
  if (succeeded) return { ok: true, value: answer };
  return require('./request-failure.ts').refusal(res, answer);
}

/** A non-empty text field of an answer. */
export function textOf(answer: DeviceAnswer<unknown>, field: string): DeviceAnswer<string> {
  if (!answer.ok) return answer;
  const value = (answer.value as Readonly<Record<string, unknown>> | null)?.[field];
  return typeof value === 'string' && value !== ''
    ? { ok: true, value }
    : { ok: false, error: `no ${field} in the response` };
}
