import type { Settings } from '../settings.ts';
import type { Target } from '../target.ts';
import { bridgeDevice } from './bridge.ts';
import { NO_DEVICE } from './device.ts';
import type { Device } from './device.ts';
import { fileDevice } from './file.ts';
import { simulatedDevice } from './simulated.ts';
import { testDevice } from './test-device.ts';

/** Opens the device side that the settings choose. `payloads`: for the file driver. */
export function openDevice(settings: Settings, target: Target, payloads: ArrayLike<string>): Device {
  switch (settings.driver) {
    case 'simulated':
      return simulatedDevice(target.device);
    case 'bridge':
      return bridgeDevice({ url: target.device, timeoutMs: settings.bridgeTimeoutMs, token: settings.bridgeToken });
    case 'file':
      return fileDevice({ lines: payloads, use: settings.payloadsUse });
    case 'test-device':
      return testDevice(settings.testOtpField);
    case 'none':
      return NO_DEVICE;
  }
}
