import http from 'k6/http';
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

/** The inventory asks for a broken pairing, so its 400 is an expected status. */
const FAILING = deviceParams('pair', { responseCallback: http.expectedStatuses({ min: 200, max: 399 }, 400) });
const PARAMS = {
  pair: deviceParams('pair'),
  decide: deviceParams('decide'),
  code: deviceParams('code'),
  reset: deviceParams('reset'),
};

/** The simulated SDK's payload. Only the simulator understands it. */
function mobilePayload(phone: Phone, nonce: string, integrity: MobilePayload['integrity']): string {
  const payload: MobilePayload = { version: 1, ...phone, integrity, nonce };
  return b64encode(JSON.stringify(payload), 'rawurl');
}

/** The simulator's phone: emulates the SDK; `url` is the simulator's phone API (simulator/wire/phone-api.ts). */
export function simulatedDevice(url: string): Device {
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
      const answer = await postToDevice(url + PHONE_PATHS.pair, request, fail ? FAILING : PARAMS.pair);
      return fail && !answer.ok && answer.error === 'PAIRING_FAILED' ? { ok: true, value: {} } : answer;
    },
    decide: (_flow, deviceId, decision) => {
      const request: DecideRequest = { deviceId, decision };
      return postToDevice(url + PHONE_PATHS.decide, request, PARAMS.decide);
    },
    code: async (_flow, deviceId) => {
      const request: CodeRequest = { deviceId };
      return textOf(await postToDevice(url + PHONE_PATHS.code, request, PARAMS.code), 'otp');
    },
    reset: ({ user }) => {
      const request: ResetRequest = { username: user.username };
      return postToDevice(url + PHONE_PATHS.reset, request, PARAMS.reset);
    },
  };
}
