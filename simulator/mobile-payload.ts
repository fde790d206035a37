import { DecodeError, flag, nullable, oneOf, shape, text } from '../contract/decode.ts';
import { MOBILE_DEVICE_TYPES } from '../protocol/resources.ts';
import { refuseDetail } from './api-refusal.ts';
import type { Deployment } from './deployment.ts';
import type { Flow } from './model.ts';
import type { MobilePayload } from './wire/phone-api.ts';

const decodeFields = shape<MobilePayload>({
  version: oneOf(1),
  platform: oneOf(...MOBILE_DEVICE_TYPES),
  model: text,
  osVersion: text,
  applicationId: text,
  applicationVersion: text,
  deviceId: nullable(text),
  rooted: flag,
  integrity: oneOf('ok', 'broken'),
  nonce: text,
});

/** Decodes a mobile payload (base64url of JSON, simulator/wire/phone-api.ts); null if it is unreadable. */
export function readMobilePayload(payload: string): MobilePayload | null {
  if (!/^[A-Za-z0-9_-]+$/.test(payload)) return null;
  try {
    return decodeFields(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'mobilePayload');
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Stores a mobile payload's phone in the flow; without a payload the flow keeps the previous one. Throws
 * INVALID_MOBILE_PAYLOAD for an unreadable or broken payload, DEVICE_ROOTED for a rooted phone.
 */
export function takeMobilePayload(
  { settings }: Pick<Deployment, 'settings'>,
  flow: Flow,
  payload: string | undefined,
): void {
  if (payload === undefined || payload === '' || settings.trackedParameters === 'none') return;
  const phone = readMobilePayload(payload);
  if (phone === null || phone.integrity === 'broken') {
    throw refuseDetail('INVALID_MOBILE_PAYLOAD', { target: 'mobilePayload' });
  }
  if (phone.rooted) throw refuseDetail('DEVICE_ROOTED');
  flow.phone = phone;
}
