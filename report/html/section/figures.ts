import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';

/** A figure that stands by itself: what it is, how much, and a few words beside it. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly detail: Content;
  /** Something that should not be so; said by a sign beside the colour. */
  readonly attention?: boolean;
}

/** A handful of figures. */
export function figures(list: readonly Figure[]): Markup {
  return markup`<dl class="figures">${list.map(
    ({ label, value, detail, attention }) =>
      markup`<div${attention === true ? markup` class="attention"` : ''}><dt>${label}</dt><dd><span class="value">${value}</span><span class="detail">${detail}</span></dd></div>`,
  )}</dl>`;
}
