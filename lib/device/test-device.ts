import type { NotedError } from '../../catalogue/noted-errors.ts';
import { NO_DEVICE } from './device.ts';
import type { Device } from './device.ts';

const inside = (value: unknown, name: string): unknown =>
  (value as Readonly<Record<string, unknown>> | undefined)?.[name];

/**
 * Test devices of PingOne (kit 2.4): the code comes back in the OTP_REQUIRED answer, so nobody is asked for it. `field`:
 * where it is, names separated by dots; empty: PingOne's own, else `otp` (protocol.md section 9).
 */
export function testDevice(field: string): Device {
  const places = field === '' ? ['test.otp', 'otp'] : [field];
  return {
    ...NO_DEVICE,
    code: (_flow, _deviceId, shown) => {
      const [value] = places.flatMap((place) => place.split('.').reduce<unknown>(inside, shown) ?? []);
      if (typeof value === 'string' && value !== '') return Promise.resolve({ ok: true, value });
      const error: NotedError = typeof value === 'number' ? 'TEST_CODE_NOT_TEXT' : 'NO_TEST_CODE';
      return Promise.resolve({ ok: false, error });
    },
  };
}
