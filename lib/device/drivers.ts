import type { PlayedSettings } from '../played-plan.ts';
import type { Target } from '../target.ts';
import type { Device } from './device.ts';

/** Opens the device side that the settings choose; the others are not evaluated (lib/test.ts). `payloads`: for the file driver. */
export function openDevice(settings: PlayedSettings, target: Target, payloads: ArrayLike<string>): Device {
  switch (settings.driver) {
    case 'simulated':
      return require('./simulated.ts').simulatedDevice(target.device);
    case 'bridge':
      return require('./bridge.ts').bridgeDevice({
        url: target.device,
        timeoutMs: settings.bridgeTimeoutMs,
        token: settings.bridgeToken,
      });
    case 'file':
      return require('./file.ts').fileDevice({ lines: payloads, use: settings.payloadsUse });
    case 'test-device':
      return require('./test-device.ts').testDevice(settings.testOtpField);
    case 'none':
      return require('./device.ts').NO_DEVICE;
  }
}
