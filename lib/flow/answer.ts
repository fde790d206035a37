import type { FlowResource } from '../../protocol/resources.ts';
import { COOKIELESS, FLOW_ID_MAX_LENGTH } from '../../protocol/transport.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { ErrorAnswer } from './error-answer.ts';
import { malformedField, withoutNulls } from './flow-shape.ts';
import { isWord } from './words.ts';

/** Result of a flow request: the next flow resource, or an error. */
export type FlowAnswer = { readonly is: 'flow'; readonly flow: FlowResource } | ErrorAnswer;

/** What the token endpoint answered. */
export type TokenAnswer =
  { readonly is: 'tokens'; readonly accessToken: string; readonly idToken: string | undefined } | ErrorAnswer;

/** The answer's body if it is a JSON object. */
type Body = Readonly<Record<string, unknown>> | undefined;

/** Classifies the answer to a request for a flow resource. */
export function flowAnswer(res: HttpAnswer, body: Body): FlowAnswer {
  if (res.status !== 200) return require('./error-answer.ts').errorAnswer(res, body);
  if (body === undefined) return { is: 'garbled', code: 'HTTP 200 without JSON', http: 200 };
  const { id, status } = body;
  if (typeof id !== 'string' || !isWord(id, FLOW_ID_MAX_LENGTH)) {
    return { is: 'garbled', code: 'flow without a usable id', http: 200 };
  }
  if (typeof status !== 'string' || status === '') return { is: 'garbled', code: 'flow without a status', http: 200 };
  const flow = withoutNulls(body, res.body as string);
  const malformed = malformedField(flow);
  if (malformed !== undefined) return { is: 'garbled', code: `flow with malformed ${malformed}`, http: 200 };
  return { is: 'flow', flow: flow as unknown as FlowResource };
}

/** Classifies the answer of the token endpoint. */
export function tokenAnswer(res: HttpAnswer, body: Body): TokenAnswer {
  if (res.status !== 200) return require('./error-answer.ts').errorAnswer(res, body);
  const { access_token: accessToken, id_token: idToken } = body ?? {};
  if (typeof accessToken !== 'string') return { is: 'garbled', code: 'token response without access_token', http: 200 };
  return { is: 'tokens', accessToken, idToken: typeof idToken === 'string' ? idToken : undefined };
}

/** The state that a cookieless client must send back, if the answer has one; error answers may. */
export function cookielessState(body: Body): string | undefined {
  const value = body?.[COOKIELESS.field];
  return typeof value === 'string' ? value : undefined;
}
