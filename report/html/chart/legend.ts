import { markup } from '../markup.ts';
import type { Markup } from '../markup.ts';

/** A point in a legend. */
export const dotKey = (colour: string, label: string): Markup =>
  markup`<span><i class="dot s-${colour}"></i>${label}</span>`;

/** A line in a legend. */
export const lineKey = (colour: string, dashed: boolean, label: string): Markup =>
  markup`<span><svg viewBox="0 0 16 7"><path class="s-${colour}${dashed && ' dash'}" d="M0 3.5H16" /></svg>${label}</span>`;
