import { ERROR_DETAILS, ERRORS } from '../protocol/errors.ts';
import type { ErrorCode, ErrorDetailCode } from '../protocol/errors.ts';
import type { ApiError, ApiErrorDetail } from '../protocol/resources.ts';
import { Refusal } from './answer.ts';

/** An error response of the Authentication API; `message` replaces the table's if it can say more. */
export function refuse(code: ErrorCode, message: string = ERRORS[code].message): Refusal {
  const body: ApiError = { code, message };
  return new Refusal({ httpStatus: ERRORS[code].httpStatus, body, code });
}

/** An error response with one detail, under the detail's top-level code (protocol/errors.ts). */
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
