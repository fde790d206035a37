import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';

/** A single figure with a label and a detail. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly detail: Content;
  /** Marked as a problem, by a sign as well as by colour. */
  readonly attention?: boolean;
}

/** Figures side by side. */
export function figures(list: readonly Figure[]): Markup {
  return markup`<dl class="figures">${list.map(
    ({ label, value, detail, attention }) =>
      markup`<div${attention === true ? markup` class="attention"` : ''}><dt>${label}</dt><dd><span class="value">${value}</span><span class="detail">${detail}</span></dd></div>`,
  )}</dl>`;
}
