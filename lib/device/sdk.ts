import { b64encode } from 'k6/encoding';
import type { Phone } from '../../contract/inventory.ts';
import type { MobilePayload } from '../../contract/phone-api.ts';

/**
 * What the PingOne SDK in the app would hand over for `authenticate` or for pairing: opaque to the flow's client. This is
 * the simulated SDK; only the simulator understands its payloads.
 */
export function mobilePayload(phone: Phone, nonce: string, integrity: MobilePayload['integrity'] = 'ok'): string {
  const payload: MobilePayload = { version: 1, ...phone, integrity, nonce };
  return b64encode(JSON.stringify(payload), 'rawurl');
}
