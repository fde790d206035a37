import { DecodeError, text as asText } from '../contract/decode.ts';
import { named } from './schema.ts';
import type { Schema } from './schema.ts';

/** Start plus duration must be a valid Date. */
const LARGEST_MOMENT_MS = 8e15;

/** RFC 3339, as Date.prototype.toISOString writes it. */
export const MOMENT = named('moment', {
  json: {
    description: 'RFC 3339',
    type: 'string',
    pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$`,
  },
  decode(value, place) {
    if (Math.abs(Date.parse(asText(value, place))) <= LARGEST_MOMENT_MS) return value as string;
    throw new DecodeError(`${place} is ${JSON.stringify(value)}; expected a time such as 2026-01-31T12:00:00.000Z`);
  },
} satisfies Schema<string>);
