import type { Params } from 'k6/http';
import { BRIDGE_PATHS, bridgeHeaders } from './bridge-api.ts';
import type { BridgeCodeRequest, BridgeDecideRequest, BridgePairRequest, BridgeRequest } from './bridge-api.ts';
import type { Device, DeviceAnswer, DeviceFlow } from './device.ts';
import { deviceParams, postToDevice, textOf } from './device-request.ts';

interface BridgeSettings {
  readonly url: string;
  /** Timeout of a request, in milliseconds. */
  readonly timeoutMs: number;
  /** Bearer token, or `''`. */
  readonly token: string;
}

function about({ user, state }: DeviceFlow): BridgeRequest {
  const { username, phone, driver } = user;
  return { user: { username, handle: driver?.handle ?? null, phone }, flow: state };
}

/** Phones behind the user's own process (lib/device/bridge-api.ts, docs/bridge.md). */
export function bridgeDevice(settings: BridgeSettings): Device {
  const headers = bridgeHeaders(settings);
  const timeout = `${settings.timeoutMs}ms`;
  const params: Partial<Record<keyof typeof BRIDGE_PATHS, Params>> = {};
  const post = (name: keyof typeof BRIDGE_PATHS, body: BridgeRequest): Promise<DeviceAnswer<unknown>> =>
    postToDevice(settings.url + BRIDGE_PATHS[name], body, (params[name] ??= deviceParams(name, { headers, timeout })));
  return {
    payload: async (flow) => textOf(await post('payload', about(flow)), 'mobilePayload'),
    pair: (flow, { serverPayload, fail }) => {
      const request: BridgePairRequest = { ...about(flow), serverPayload, fail };
      return post('pair', request);
    },
    decide: (flow, deviceId, decision) => {
      const request: BridgeDecideRequest = { ...about(flow), deviceId, decision };
      return post('decide', request);
    },
    code: async (flow, deviceId) => {
      const request: BridgeCodeRequest = { ...about(flow), deviceId };
      return textOf(await post('code', request), 'otp');
    },
    reset: (flow) => post('reset', about(flow)),
  };
}
