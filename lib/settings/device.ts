import type { Setting } from '../settings.ts';

/** Settings of the device side: which driver stands for the users' phones, and where it finds what it needs. */
export const DEVICE_SETTINGS = {
  DEVICE_DRIVER: { type: 'choice', allowed: ['simulated', 'file', 'bridge', 'none'], default: 'simulated' },
  PHONE_URL: { type: 'url', default: '', only: { DEVICE_DRIVER: ['simulated'] } },
  BRIDGE_URL: { type: 'url', default: '', only: { DEVICE_DRIVER: ['bridge'] } },
  BRIDGE_TIMEOUT: {
    type: 'duration',
    min: 100,
    max: 600_000,
    default: '30s',
    only: { DEVICE_DRIVER: ['bridge'] },
  },
  BRIDGE_TOKEN: { type: 'secret', default: '', only: { DEVICE_DRIVER: ['bridge'] } },
  BRIDGE_TOKEN_FILE: { type: 'path', default: '', only: { DEVICE_DRIVER: ['bridge'] } },
  PAYLOADS: { type: 'path', default: '', only: { DEVICE_DRIVER: ['file'] } },
  PAYLOADS_USE: {
    type: 'choice',
    allowed: ['once', 'cycle'],
    default: 'once',
    only: { DEVICE_DRIVER: ['file'] },
  },
} as const satisfies Record<string, Setting>;

/** What they come to. */
export interface DeviceSettings {
  readonly driver: 'simulated' | 'file' | 'bridge' | 'none';
  readonly phoneUrl: string;
  readonly bridgeUrl: string;
  readonly bridgeTimeoutMs: number;
  readonly bridgeToken: string;
  readonly bridgeTokenFile: string;
  readonly payloads: string;
  readonly payloadsUse: 'once' | 'cycle';
}
