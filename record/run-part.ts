import { MOMENT } from './moment.ts';
import { named, object, says, schema } from './schema.ts';
import type { Read } from './schema.ts';

const CLOCK = says(
  'How far ahead of the target’s clock (its Date header) that of this machine was, in milliseconds: at least, at most; negative: behind; null: not known.',
  schema.nullable(object({ fromMs: schema.number, toMs: schema.number })),
);

/** A part of a run that several machines play together. */
export const PART = named(
  'part',
  object({
    index: says('Its number, from 0.', schema.whole(0)),
    of: says('Number of parts.', schema.whole(1)),
    startAt: says('When all parts were to start; absent: each on its own.', schema.optional(MOMENT)),
    clockAtStart: CLOCK,
    clockAtEnd: CLOCK,
  }),
);

/** Which part of a run this is, when it was to start, and what its clock says beside the target's. */
export type RunPart = Read<typeof PART>;

/** How far ahead of the target's clock a machine's is, in milliseconds. */
export type ClockAhead = NonNullable<RunPart['clockAtStart']>;
