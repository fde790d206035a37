import { ConfigurationError } from '../../contract/configuration-error.ts';
import { DRIVER_CAN } from '../../lib/device/driver-capabilities.ts';
import { lacking } from '../../lib/plan-checks.ts';
import type { Demands } from '../../lib/population/demands.ts';
import { askBridge, findPhoneApi } from '../../lib/preflight.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Target } from '../../lib/target.ts';

/** The fault of the device side for the inventory's users, worded as in a run; undefined: none. */
export async function deviceFault(
  settings: Settings,
  target: Target,
  needs: Demands['needs'],
  payloads: number,
): Promise<string | undefined> {
  const { driver } = settings;
  if (driver === 'file' && payloads === 0) return 'PAYLOADS contains no payloads; write one per line';
  try {
    if (driver === 'simulated') await findPhoneApi(target.device);
    const own = DRIVER_CAN[driver];
    const can = own === 'asks' ? await askBridge(settings, target.device) : own;
    return lacking(driver, can, needs);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
}
