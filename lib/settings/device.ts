import { baseUrl, choice, duration, path, secret, setting } from '../../contract/setting.ts';

const BRIDGE = { DEVICE_DRIVER: ['bridge'] };
const FILE = { DEVICE_DRIVER: ['file'] };

/** Which driver stands for the users' phones, and where it finds what it needs. */
export const DEVICE = {
  driver: setting('DEVICE_DRIVER', {
    parse: choice('simulated', 'file', 'bridge', 'none'),
    default: 'simulated',
    meaning:
      'what stands for the users’ phones: the simulator’s phone API, payloads out of a file, a bridge to real SDKs, or nothing',
  }),
  phoneUrl: setting('PHONE_URL', {
    parse: baseUrl,
    only: { DEVICE_DRIVER: ['simulated'] },
    meaning: 'the phone API; empty: that of the simulator, PF_BASE_URL/phone',
  }),
  bridgeUrl: setting('BRIDGE_URL', {
    parse: baseUrl,
    only: BRIDGE,
    meaning: 'base URL of the bridge (docs/bridge.md)',
  }),
  bridgeTimeoutMs: setting('BRIDGE_TIMEOUT', {
    parse: duration(100, 600_000),
    default: '30s',
    only: BRIDGE,
    meaning: 'longest answer of the bridge',
  }),
  bridgeToken: setting('BRIDGE_TOKEN', {
    parse: secret,
    only: BRIDGE,
    meaning: 'bearer token for the bridge; empty: none',
  }),
  bridgeTokenFile: setting('BRIDGE_TOKEN_FILE', {
    parse: path,
    only: BRIDGE,
    meaning: 'a file that holds the token, instead',
  }),
  payloads: setting('PAYLOADS', {
    parse: path,
    only: FILE,
    meaning: 'file of mobile payloads captured elsewhere, one a line; flow n sends line n',
  }),
  payloadsUse: setting('PAYLOADS_USE', {
    parse: choice('once', 'cycle'),
    default: 'once',
    only: FILE,
    meaning: 'each payload once, or again from the first when they are used up',
  }),
};
