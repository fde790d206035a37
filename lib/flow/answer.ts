import { OWN_ERROR_CODES, isOwnError } from '../../catalogue/failure-sides.ts';
import type { ApiError, FlowResource } from '../../protocol/resources.ts';
import { COOKIELESS, FLOW_ID_MAX_LENGTH } from '../../protocol/transport.ts';
import type { HttpAnswer } from '../json-object.ts';
import { malformedField, withoutNulls } from './flow-shape.ts';
import { isWord, tidy } from './words.ts';

/** What a request came to that brought no flow resource. `json`: the answer was a JSON object. */
interface Told {
  readonly code: string;
  readonly http: number;
  readonly json?: boolean;
}

/** What a flow request came to. */
export type FlowAnswer =
  /** The next flow resource. */
  | { readonly is: 'flow'; readonly flow: FlowResource }
  /** A documented error: the flow's state stays. `code` is the most specific one. */
  | ({ readonly is: 'refused' } & Told)
  /** The flow is gone. */
  | ({ readonly is: 'gone' } & Told)
  /** No answer, or one that says that the server cannot now (5xx, 429). */
  | ({ readonly is: 'lost' } & Told)
  /** Not a fault of the target: it failed on this machine (catalogue/failure-sides.ts). */
  | ({ readonly is: 'unsent' } & Told)
  /** An answer that the protocol does not know. */
  | ({ readonly is: 'garbled' } & Told);

/** An answer without a flow resource. */
export type ErrorAnswer = Exclude<FlowAnswer, { is: 'flow' }>;

/** JSON object of an answer's body, if it has one. */
type Body = Readonly<Record<string, unknown>> | undefined;

/** Most specific code of an API or OAuth error. */
function errorCode(body: Readonly<Record<string, unknown>>): string | undefined {
  const { code, error, details } = body as Partial<ApiError> & { error?: unknown };
  const detail: unknown = Array.isArray(details) ? (details[0] as { code?: unknown } | undefined)?.code : undefined;
  return [detail, code, error].find((found): found is string => typeof found === 'string' && found !== '');
}

/** Codes that say that the flow is not there any more. */
const GONE: readonly string[] = ['FLOW_NOT_FOUND', 'RESOURCE_NOT_FOUND'];

/** Sorts the answer to an error status or to none. */
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

/** Sorts the answer to a request for a flow resource. */
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

/** The state that a cookieless client must send back, if the answer carries one; errors do too. */
export function cookielessState(body: Body): string | undefined {
  const value = body?.[COOKIELESS.field];
  return typeof value === 'string' ? value : undefined;
}
