import http from 'k6/http';
import type { Params } from 'k6/http';
import { b64encode } from 'k6/encoding';
import type { Phone } from '../../contract/inventory.ts';
import { PHONE_PATHS } from '../../simulator/wire/phone-api.ts';
import type {
  CodeRequest,
  DecideRequest,
  MobilePayload,
  PairRequest,
  ResetRequest,
} from '../../simulator/wire/phone-api.ts';
import type { Device } from './device.ts';
import { deviceParams, postToDevice, textOf } from './device-request.ts';

/** The simulated SDK's payload. Only the simulator understands it. */
function mobilePayload(phone: Phone, nonce: string, integrity: MobilePayload['integrity']): string {
  const payload: MobilePayload = { version: 1, ...phone, integrity, nonce };
  return b64encode(JSON.stringify(payload), 'rawurl');
}

/** The simulator's phone: emulates the SDK; `url` is the simulator's phone API (simulator/wire/phone-api.ts). */
export function simulatedDevice(url: string): Device {
  /** Parameters by request, made at the first of each. */
  const params: Partial<Record<keyof typeof PHONE_PATHS | 'broken', Params>> = {};
  const post = (name: keyof typeof PHONE_PATHS, body: object) =>
    postToDevice(url + PHONE_PATHS[name], body, (params[name] ??= deviceParams(name)));
  /** The inventory asks for a broken pairing, so its 400 is an expected status. */
  const pairInVain = (body: PairRequest) => {
    params.broken ??= deviceParams('pair', { responseCallback: http.expectedStatuses({ min: 200, max: 399 }, 400) });
    return postToDevice(url + PHONE_PATHS.pair, body, params.broken);
  };
  return {
    payload: ({ user, state }) =>
      Promise.resolve(
        user.phone === null
          ? { ok: false, error: 'the user has no phone' }
          : { ok: true, value: mobilePayload(user.phone, state, 'ok') },
      ),
    pair: async ({ user, state }, { serverPayload, fail }) => {
      if (user.phone === null) return { ok: false, error: 'the user has no phone' };
      const payload = mobilePayload(user.phone, `${state}.pair`, fail ? 'broken' : 'ok');
      const request: PairRequest = { serverPayload, mobilePayload: payload };
      const answer = await (fail ? pairInVain(request) : post('pair', request));
      return fail && !answer.ok && answer.error === 'PAIRING_FAILED' ? { ok: true, value: {} } : answer;
    },
    decide: (_flow, deviceId, decision) => {
      const request: DecideRequest = { deviceId, decision };
      return post('decide', request);
    },
    code: async (_flow, deviceId) => {
      const request: CodeRequest = { deviceId };
      return textOf(await post('code', request), 'otp');
    },
    reset: ({ user }) => {
      const request: ResetRequest = { username: user.username };
      return post('reset', request);
    },
  };
}
