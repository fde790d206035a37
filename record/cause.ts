import { object, recordOf, text, whole } from './schema.ts';
import type { Read } from './schema.ts';

/**
 * Failed flows that failed alike. `''` stands for what there was not: an expected outcome, a state at the end, a step, an error code,
 * a place where the path of the kind was left (`unexpected STATE`, `missing STATE`). `step` is the one that went wrong, else the last
 * one; `reason` that which the first of them gave; `line` the line of failures.jsonl that holds one, from 1 (0: none is kept).
 */
export const CAUSE = object({
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

/** Why flows failed: those that failed alike, counted together. Data; what people read is made of it in report/model/causes.ts. */
export type Cause = Read<typeof CAUSE>;

/** Causes that a record holds at most. */
export const CAUSES_KEPT = 20;
