import { cookielessState, flowAnswer } from '../flow/answer.ts';
import type { FlowAnswer } from '../flow/answer.ts';
import { jsonObject } from '../json-object.ts';
import type { Response } from '../json-object.ts';

/** What an answer means for a flow. */
export function flowAnswerOf(res: Response): FlowAnswer {
  return flowAnswer(res, jsonObject(res));
}

/** The state of a cookieless client in an answer. */
export function stateIn(res: Response): string | undefined {
  return cookielessState(jsonObject(res));
}
