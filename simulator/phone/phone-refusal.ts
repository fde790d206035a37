import { PHONE_ERRORS } from '../wire/phone-api.ts';
import type { PhoneError, PhoneErrorCode } from '../wire/phone-api.ts';
import { Refusal } from '../answer.ts';

/** A refusal of the phone API. */
export function refusePhone(code: PhoneErrorCode): Refusal {
  const body: PhoneError = { code, message: PHONE_ERRORS[code].message };
  return new Refusal({ httpStatus: PHONE_ERRORS[code].httpStatus, body, code });
}
