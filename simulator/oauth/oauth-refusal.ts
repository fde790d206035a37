import type { OAuthError } from '../../protocol/resources.ts';
import { Refusal } from '../answer.ts';

/** OAuth error codes and their HTTP status. RFC 6749 sections 4.1.2.1 and 5.2, RFC 6750 section 3.1, RFC 9101 section 10. */
const OAUTH_ERRORS = {
  invalid_request: 400,
  invalid_request_object: 400,
  request_not_supported: 400,
  invalid_client: 401,
  invalid_grant: 400,
  invalid_token: 401,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
} as const;

type OAuthErrorCode = keyof typeof OAUTH_ERRORS;

export function refuseOAuth(
  error: OAuthErrorCode,
  description: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  const body: OAuthError = { error, error_description: description };
  return new Refusal({ httpStatus: OAUTH_ERRORS[error], body, headers, code: error });
}
