import { baseUrl, choice, duration, path, secret, setting, text } from '../../contract/setting.ts';

const BRIDGE = { DEVICE_DRIVER: ['bridge'] };
const FILE = { DEVICE_DRIVER: ['file'] };

/** The driver for the users' phones, and what it needs. */
export const DEVICE = {
  driver: setting('DEVICE_DRIVER', {
    parse: choice('simulated', 'file', 'bridge', 'none', 'test-device'),
    default: 'simulated',
    meaning:
      'device side: the simulator’s phone API (simulated), payloads from a file, a bridge to real SDKs, none, or test devices of PingOne, whose codes are in the answers (test-device)',
  }),
  phoneUrl: setting('PHONE_URL', {
    parse: baseUrl,
    only: { DEVICE_DRIVER: ['simulated'] },
    meaning: 'base URL of the phone API; empty: the one of the simulator, PF_BASE_URL/phone',
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
    meaning: 'timeout of a request to the bridge',
  }),
  bridgeToken: setting('BRIDGE_TOKEN', {
    parse: secret,
    only: BRIDGE,
    meaning: 'bearer token for the bridge; empty: none',
  }),
  bridgeTokenFile: setting('BRIDGE_TOKEN_FILE', {
    parse: path,
    only: BRIDGE,
    meaning: 'file that contains the token',
  }),
  payloads: setting('PAYLOADS', {
    parse: path,
    only: FILE,
    meaning: 'file of captured mobile payloads, one per line; flow n sends line n',
  }),
  payloadsUse: setting('PAYLOADS_USE', {
    parse: choice('once', 'cycle'),
    default: 'once',
    only: FILE,
    meaning: 'use each payload once, or start over when all are used',
  }),
  testOtpField: setting('PF_TEST_OTP_FIELD', {
    parse: text,
    only: { DEVICE_DRIVER: ['test-device'] },
    meaning:
      'field of the OTP_REQUIRED answer with the code of a test device, names separated by dots; empty: test.otp, else otp',
  }),
};
