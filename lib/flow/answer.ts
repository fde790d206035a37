import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { ApiError, FlowResource } from '../../protocol/resources.ts';
import { COOKIELESS, FLOW_ID_MAX_LENGTH } from '../../protocol/transport.ts';
import type { HttpAnswer } from '../json-object.ts';
import { malformedField, withoutNulls } from './flow-shape.ts';
import { isWord, tidy } from './words.ts';

/** Error of a request that brought no flow resource. `json`: the answer was a JSON object. */
interface Told {
  readonly code: string;
  readonly http: number;
  readonly json?: boolean;
}

/** Result of a flow request. */
export type FlowAnswer =
  /** The next flow resource. */
  | { readonly is: 'flow'; readonly flow: FlowResource }
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

/** What the token endpoint answered. */
export type TokenAnswer =
  { readonly is: 'tokens'; readonly accessToken: string; readonly idToken: string | undefined } | ErrorAnswer;

/** An answer without a flow resource. */
export type ErrorAnswer = Exclude<FlowAnswer, { is: 'flow' }>;

/** The answer's body if it is a JSON object. */
type Body = Readonly<Record<string, unknown>> | undefined;

/** Most specific code of an API or OAuth error. */
function errorCode(body: Readonly<Record<string, unknown>>): string | undefined {
  const { code, error, details } = body as Partial<ApiError> & { error?: unknown };
  const detail: unknown = Array.isArray(details) ? (details[0] as { code?: unknown } | undefined)?.code : undefined;
  return [detail, code, error].find((found): found is string => typeof found === 'string' && found !== '');
}

/** Codes of a flow that no longer exists. */
const GONE: readonly string[] = ['FLOW_NOT_FOUND', 'RESOURCE_NOT_FOUND'];

/** Classifies an error answer, or a missing one. */
export function errorAnswer(res: HttpAnswer, body: Body): ErrorAnswer {
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

/** Classifies the answer to a request for a flow resource. */
export function flowAnswer(res: HttpAnswer, body: Body): FlowAnswer {
  if (res.status !== 200) return errorAnswer(res, body);
  if (body === undefined) return { is: 'garbled', code: 'HTTP 200 without JSON', http: 200 };
  const { id, status } = body;
  if (typeof id !== 'string' || !isWord(id, FLOW_ID_MAX_LENGTH)) {
    return { is: 'garbled', code: 'flow without a usable id', http: 200 };
  }
  if (typeof status !== 'string' || status === '') return { is: 'garbled', code: 'flow without a status', http: 200 };
  const flow = withoutNulls(body);
  const malformed = malformedField(flow);
  if (malformed !== undefined) return { is: 'garbled', code: `flow with malformed ${malformed}`, http: 200 };
  return { is: 'flow', flow: flow as unknown as FlowResource };
}

/** Classifies the answer of the token endpoint. */
export function tokenAnswer(res: HttpAnswer, body: Body): TokenAnswer {
  if (res.status !== 200) return errorAnswer(res, body);
  const { access_token: accessToken, id_token: idToken } = body ?? {};
  if (typeof accessToken !== 'string') return { is: 'garbled', code: 'token response without access_token', http: 200 };
  return { is: 'tokens', accessToken, idToken: typeof idToken === 'string' ? idToken : undefined };
}

/** The state that a cookieless client must send back, if the answer has one; error answers may. */
export function cookielessState(body: Body): string | undefined {
  const value = body?.[COOKIELESS.field];
  return typeof value === 'string' ? value : undefined;
}
