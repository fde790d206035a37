import { DecodeError } from '../../contract/decode.ts';
import type { Decoder } from '../../contract/decode.ts';
import type { Call } from '../call.ts';
import { refusePhone } from './phone-refusal.ts';

/** The JSON body of a phone API request; throws INVALID_REQUEST. */
export function readPhoneRequest<T>(call: Call, decode: Decoder<T>): T {
  try {
    return decode(JSON.parse(call.body), '');
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof DecodeError) throw refusePhone('INVALID_REQUEST');
    throw error;
  }
}
