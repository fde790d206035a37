import http from 'k6/http';
import { PHONE_PATHS } from '../../contract/phone-api.ts';
import type { CodeRequest, CodeResponse, DecideRequest, PairRequest, ResetRequest } from '../../contract/phone-api.ts';

/** What a call to the phone's side came to. `error` is the API's code, or what the host said. */
export type PhoneAnswer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: string };

type Call = keyof typeof PHONE_PATHS;

const JSON_HEADERS = { 'Content-Type': 'application/json' };

async function call<T>(phoneUrl: string, name: Call, body: object, refused = false): Promise<PhoneAnswer<T>> {
  const res = await http.asyncRequest('POST', phoneUrl + PHONE_PATHS[name], JSON.stringify(body), {
    headers: JSON_HEADERS,
    tags: { name, peer: 'device' },
    redirects: 0,
    // A broken pairing is what the inventory asked for: its 400 is an expected status.
    ...(refused && { responseCallback: http.expectedStatuses({ min: 200, max: 399 }, 400) }),
  });
  if (res.status === 204) return { ok: true, value: undefined as T };
  let answer: unknown;
  try {
    answer = res.json();
  } catch {
    return { ok: false, error: res.error || `HTTP ${res.status} without JSON` };
  }
  if (res.status === 200) return { ok: true, value: answer as T };
  const code = (answer as { code?: unknown } | null)?.code;
  // This goes into reports: a word in capitals is a code, whatever else a driver says may hold a passcode or an address.
  return { ok: false, error: typeof code === 'string' && /^[A-Z_]{1,40}$/.test(code) ? code : `HTTP ${res.status}` };
}

/** The phone's own side, apart from the flow: the simulator's phone API (contract/phone-api.ts). */
export const phone = {
  pair: (url: string, request: PairRequest, broken: boolean) => call<unknown>(url, 'pair', request, broken),
  decide: (url: string, request: DecideRequest) => call<unknown>(url, 'decide', request),
  code: (url: string, request: CodeRequest) => call<CodeResponse>(url, 'code', request),
  reset: (url: string, request: ResetRequest) => call<undefined>(url, 'reset', request),
};
