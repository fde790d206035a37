/** What an endpoint answers, before it is written to the socket. */
export interface Answer {
  readonly httpStatus: number;
  /** An object goes out as JSON, a text as it is, null as an empty body. */
  readonly body: object | string | null;
  readonly headers?: Readonly<Record<string, string>>;
  /** The connection ends before the answer, or in the middle of its body; absent: the answer goes out whole. */
  readonly cut?: 'before' | 'middle';
  /** Result for the metrics: `ok`, or the most exact error code. From closed tables only. */
  readonly code: string;
}

/** An answer of 200 with a JSON body. */
export function ok(body: object, headers?: Readonly<Record<string, string>>): Answer {
  return headers === undefined ? { httpStatus: 200, body, code: 'ok' } : { httpStatus: 200, body, headers, code: 'ok' };
}

/** A refusal that a check throws; the endpoint turns it into its answer. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answer.code);
    this.answer = answer;
  }
}
