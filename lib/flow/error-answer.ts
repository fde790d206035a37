import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { ApiError } from '../../protocol/resources.ts';
import type { HttpAnswer } from '../json-object.ts';
import { tidy } from './words.ts';

/** Error of a request that brought no flow resource. `json`: the answer was a JSON object. */
interface Told {
  readonly code: string;
  readonly http: number;
  readonly json?: boolean;
}

/** An answer without a flow resource. */
export type ErrorAnswer =
  /** A documented error: the flow stays in its state. `code` is the most specific one. */
  | ({ readonly is: 'refused' } & Told)
  /** The flow no longer exists. */
  | ({ readonly is: 'gone' } & Told)
  /** No answer, or a temporary error of the server (5xx, 429). */
  | ({ readonly is: 'lost' } & Told)
  /** Failed on the load generator: not the target's fault (catalogue/failure-sides.ts). */
  | ({ readonly is: 'unsent' } & Told)
  /** An answer that is not in the protocol. */
  | ({ readonly is: 'garbled' } & Told);

/** Most specific code of an API or OAuth error. */
function errorCode(body: Readonly<Record<string, unknown>>): string | undefined {
  const { code, error, details } = body as Partial<ApiError> & { error?: unknown };
  const detail: unknown = Array.isArray(details) ? (details[0] as { code?: unknown } | undefined)?.code : undefined;
  return [detail, code, error].find((found): found is string => typeof found === 'string' && found !== '');
}

/** Codes of a flow that no longer exists. */
const GONE: readonly string[] = ['FLOW_NOT_FOUND', 'RESOURCE_NOT_FOUND'];

/** Classifies an error answer, or a missing one. */
export function errorAnswer(res: HttpAnswer, body: Readonly<Record<string, unknown>> | undefined): ErrorAnswer {
  const { status: http } = res;
  if (http === 0) {
    const { error_code: error } = res;
    if (isOwnError(error)) return { is: 'unsent', code: `error ${error}: ${OWN_ERROR_CODES[error]}`, http };
    return { is: 'lost', code: `error ${error}`, http };
  }
  const code = body && errorCode(body);
  const told = { http, json: body !== undefined };
  if (http >= 500 || http === 429)
    return { is: 'lost', code: code === undefined ? `HTTP ${http}` : tidy(code), ...told };
  if (http >= 400 && code !== undefined)
    return { is: GONE.includes(code) ? 'gone' : 'refused', code: tidy(code), ...told };
  return { is: 'garbled', code: `HTTP ${http} without a documented error`, ...told };
}
