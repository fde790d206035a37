/** A response of an endpoint, before it is written to the socket. */
export interface Answer {
  readonly httpStatus: number;
  /** An object is sent as JSON, a string unchanged, null as an empty body. */
  readonly body: object | string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** Cuts the connection before the response or in the middle of its body; absent: sent whole. */
  readonly cut?: 'before' | 'middle';
  /** Result for the metrics: `ok`, or the most specific error code, from closed tables only. */
  readonly code: string;
}

/** A 200 response with a JSON body. */
export function ok(body: object, headers?: Readonly<Record<string, string>>): Answer {
  return headers === undefined ? { httpStatus: 200, body, code: 'ok' } : { httpStatus: 200, body, headers, code: 'ok' };
}

/** Thrown by checks; the endpoint turns it into a response. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.code);
    this.answer = answer;
  }
}
