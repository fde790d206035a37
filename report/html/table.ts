import { markup } from './markup.ts';
import type { Content, Markup } from './markup.ts';

/** A column; numbers are right-aligned. */
export interface TableColumn {
  readonly head: Content;
  readonly number?: boolean;
}

/** A table with a caption; the first cell of each row is a row header. */
interface TableParts {
  readonly caption: Content;
  /** For screen readers only, because the heading above says the same. */
  readonly captionHidden?: boolean;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly Content[])[];
  /** Shown if there are no rows. */
  readonly empty?: string;
}

/** A table that scrolls sideways in its own box, also by keyboard, so that the page never does. */
export function table({ caption, captionHidden, columns, rows, empty }: TableParts): Markup {
  if (rows.length === 0) return markup`<p class="quiet">${empty ?? 'Nothing to show.'}</p>`;
  const side = (at: number): string => (columns[at]?.number === true ? 'n' : 't');
  return markup`<div class="scroll" tabindex="0" role="group" aria-label="Table, scrolls horizontally"><table>
<caption${captionHidden === true ? markup` class="hear"` : ''}><span>${caption}</span></caption>
<thead><tr>${columns.map(({ head }, at) => markup`<th scope="col" class="${side(at)}">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) =>
      markup`<tr>
        ${row.map((cell, at) =>
          at === 0
            ? markup`<th scope="row" class="${side(at)}">${cell}</th>`
            : markup`<td class="${side(at)}">${cell}</td>`,
        )}
      </tr> `,
  )}</tbody></table></div>`;
}

/** Content that opens on demand. */
export function details(summary: Content, content: Content): Markup {
  return markup`<details>
    <summary>${summary}</summary>
    ${content}
  </details>`;
}
