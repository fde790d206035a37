import { ERROR_DETAILS, ERRORS } from '../protocol/errors.ts';
import type { ErrorCode, ErrorDetailCode } from '../protocol/errors.ts';
import type { ApiError, ApiErrorDetail } from '../protocol/resources.ts';
import { Refusal } from './answer.ts';

/** A refusal of the Authentication API by its top-level code; `message` replaces the table's where it can say more. */
export function refuse(code: ErrorCode, message: string = ERRORS[code].message): Refusal {
  const body: ApiError = { code, message };
  return new Refusal({ httpStatus: ERRORS[code].httpStatus, body, code });
}

/** A refusal with one detail, under the top-level code to which the detail belongs (protocol/errors.ts). */
export function refuseDetail(
  code: ErrorDetailCode,
  extra: Pick<ApiErrorDetail, 'attemptsRemaining' | 'target'> = {},
): Refusal {
  const { under, ...texts } = ERROR_DETAILS[code] as (typeof ERROR_DETAILS)[ErrorDetailCode] & { userMessage?: string };
  const detail: ApiErrorDetail = {
    code,
    message: texts.message,
    userMessage: texts.userMessage ?? texts.message,
    ...extra,
  };
  const body: ApiError = { code: under, message: ERRORS[under].message, details: [detail] };
  return new Refusal({ httpStatus: ERRORS[under].httpStatus, body, code });
}
