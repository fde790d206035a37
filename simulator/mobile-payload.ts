import { DecodeError, flag, nullable, oneOf, shape, text } from '../contract/decode.ts';
import type { MobilePayload } from './wire/phone-api.ts';
import { MOBILE_DEVICE_TYPES } from '../protocol/resources.ts';

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

/** What a mobile payload (base64url of JSON, simulator/wire/phone-api.ts) says; null if it says nothing readable. */
export function readMobilePayload(payload: string): MobilePayload | null {
  if (!/^[A-Za-z0-9_-]+$/.test(payload)) return null;
  try {
    return decodeFields(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')), 'mobilePayload');
  } catch (error) {
    if (error instanceof DecodeError || error instanceof SyntaxError) return null;
    throw error;
  }
}
