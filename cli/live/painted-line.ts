import { eastAsianWidth } from 'get-east-asian-width';
import { visibleText } from '../../contract/shown-text.ts';

/** Without a tone, a piece has the terminal's normal style. */
export type Tone = 'faint' | 'bold' | 'bad';

export type Piece = string | { readonly text: string; readonly tone: Tone };

export type PaintedLine = readonly Piece[];

/** Select Graphic Rendition (ECMA-48 8.3.117): on and off. */
const SGR: Readonly<Record<Tone, readonly [string, string]>> = {
  faint: ['\x1b[2m', '\x1b[22m'],
  bold: ['\x1b[1m', '\x1b[22m'],
  bad: ['\x1b[31m', '\x1b[39m'],
};

/** Width by Unicode's East Asian Width. Combining marks count, too, so it is an upper bound. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

const widthOf = (character: string): number => eastAsianWidth(character.codePointAt(0)!);

/** Truncates a text to fit, marking the cut with `…`. */
export function cut(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  let taken = 0;
  let kept = '';
  for (const character of text) {
    taken += widthOf(character);
    if (taken > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept}…`;
}

/** Truncates or pads a text to exactly `columns`. */
export function padded(text: string, columns: number): string {
  const fits = cut(text, columns);
  return fits + ' '.repeat(columns - columnsOf(fits));
}

/** Renders a line: cut to the width, control characters escaped, coloured if wanted. */
export function paintedLine(line: PaintedLine, columns: number, colour: boolean): string {
  const pieces = line.map((piece) => {
    const { text, tone } = typeof piece === 'string' ? { text: piece, tone: undefined } : piece;
    return { text: visibleText(text), tone };
  });
  const tooWide = pieces.reduce((sum, { text }) => sum + columnsOf(text), 0) > columns;
  let left = columns;
  let painted = '';
  for (const [at, { text, tone }] of pieces.entries()) {
    if (left <= 0) break;
    const last = at === pieces.length - 1;
    // A piece that just fits must leave room for the `…` if something follows it.
    const fits = cut(tooWide && !last && columnsOf(text) >= left ? `${text}…` : text, left);
    left -= columnsOf(fits);
    const [on, off] = tone === undefined || !colour || fits === '' ? ['', ''] : SGR[tone];
    painted += on + fits + off;
  }
  return painted;
}
