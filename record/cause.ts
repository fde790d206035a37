import { listOf, record, recordOf, shape, text, whole } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';

/** Why flows failed: those that failed alike, counted together. Data; what people read is made of it in report/model/causes.ts. */
export interface Cause {
  readonly outcome: string;
  /** The outcome that was expected; `''`: none was. */
  readonly expected: string;
  /** State of the flow at its end; `''`: it had none. */
  readonly at: string;
  /** Step that went wrong, else the last one; `''`: none was taken. */
  readonly step: string;
  /** Error code of that step; `''`: it had none. */
  readonly error: string;
  /** Where the flow left the path of its kind: `unexpected STATE` or `missing STATE`; `''`: nowhere. */
  readonly offPath: string;
  /** The reason that the first of them gave. */
  readonly reason: string;
  readonly flows: number;
  readonly kinds: Readonly<Record<string, number>>;
  /** Line of failures.jsonl that holds one of them, from 1; 0: none is kept. */
  readonly line: number;
}

/** Causes that a record holds at most. */
export const CAUSES_KEPT = 20;

const decode = shape<Cause>({
  outcome: text,
  expected: text,
  at: text,
  step: text,
  error: text,
  offPath: text,
  reason: text,
  flows: whole(0),
  kinds: recordOf(whole(0)),
  line: whole(0),
});

/** Reads causes. Throws a DecodeError. */
export const decodeCauses: Decoder<readonly Cause[]> = (value, place) => {
  const causes = listOf(decode)(value, place);
  causes.forEach((cause, at) => record(cause.kinds, `${place}[${at}].kinds`));
  return causes;
};
