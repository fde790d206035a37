import { refuseDetail } from '../api-refusal.ts';
import { challenge } from '../challenge.ts';
import { isUsable } from '../factor.ts';
import type { Flow } from '../flow.ts';
import { takeMobilePayload } from '../phone-of-flow.ts';
import { stopWaiting } from '../push.ts';
import type { Perform } from './perform.ts';

/** Asks the chosen device, or the same one again. One that is not usable leads back to the selection. [seed] [choice] */
export const selectDevice: Perform<'selectDevice'> = (deployment, flow, { deviceRef, mobilePayload }) => {
  takeMobilePayload(flow, mobilePayload);
  const device = flow.account!.devices.find(({ model }) => model.id === deviceRef.id);
  if (device === undefined) throw refuseDetail('INVALID_DEVICE', { target: 'deviceRef' });
  if (device.locked) throw refuseDetail('DEVICE_LOCKED');
  if (isUsable(device)) challenge(deployment, flow, device);
  else selectAgain(flow);
};

function selectAgain(flow: Flow): void {
  stopWaiting(flow);
  flow.reason = null;
  flow.status = 'DEVICE_SELECTION_REQUIRED';
}
