import { eastAsianWidth } from 'get-east-asian-width';
import { visibleText } from '../../contract/shown-text.ts';

/** How a piece of a line is shown; without a tone as the terminal shows text. */
export type Tone = 'faint' | 'bold' | 'bad';

/** A piece of a line. */
export type Piece = string | { readonly text: string; readonly tone: Tone };

/** A line of pieces, one behind the other. */
export type PaintedLine = readonly Piece[];

/** Select Graphic Rendition (ECMA-48 8.3.117): on and off. */
const SGR: Readonly<Record<Tone, readonly [string, string]>> = {
  faint: ['\x1b[2m', '\x1b[22m'],
  bold: ['\x1b[1m', '\x1b[22m'],
  bad: ['\x1b[31m', '\x1b[39m'],
};

/** Columns that a text takes on a terminal, by Unicode's East Asian Width; a mark that joins the one before counts, too: none is more. */
export function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

const widthOf = (character: string): number => eastAsianWidth(character.codePointAt(0)!);

/** The beginning of a text that fits; what is cut ends in `…`. */
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

/** A text as long as `columns`, cut or filled with spaces behind it. */
export function padded(text: string, columns: number): string {
  const fits = cut(text, columns);
  return fits + ' '.repeat(columns - columnsOf(fits));
}

/** A line as it is written: cut to the width, no character that could steer a terminal, in colour if wanted. */
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
    // A piece that just fits must make room for the mark if something follows it.
    const fits = cut(tooWide && !last && columnsOf(text) >= left ? `${text}…` : text, left);
    left -= columnsOf(fits);
    const [on, off] = tone === undefined || !colour || fits === '' ? ['', ''] : SGR[tone];
    painted += on + fits + off;
  }
  return painted;
}
