import { refuseDetail } from './api-refusal.ts';
import type { Flow } from './flow.ts';
import { readMobilePayload } from './mobile-payload.ts';

/**
 * Takes what a mobile payload says of the phone into the flow; without one the flow keeps what it knew. Throws
 * INVALID_MOBILE_PAYLOAD for an unreadable or broken one, DEVICE_ROOTED for a rooted phone.
 */
export function takeMobilePayload(flow: Flow, payload: string | undefined): void {
  if (payload === undefined || payload === '') return;
  const phone = readMobilePayload(payload);
  if (phone === null || phone.integrity === 'broken') {
    throw refuseDetail('INVALID_MOBILE_PAYLOAD', { target: 'mobilePayload' });
  }
  if (phone.rooted) throw refuseDetail('DEVICE_ROOTED');
  flow.phone = phone;
}
