import type { Highlight } from './model/answer-model.ts';
import { quantity } from './quantity.ts';

/** A figure as a terminal and a comment have it: `Unexpected outcomes 0 (of 60 flows that ended)`. */
export function figureWords({ label, value, unit, detail }: Highlight): string {
  return `${label} ${quantity(value, unit)}${detail === '' ? '' : ` (${detail})`}`;
}
