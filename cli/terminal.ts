import { columnsOf, paintedLine } from './live/painted-line.ts';
import type { PaintedLine } from './live/painted-line.ts';
import { indentedLine } from './one-line.ts';

/** Where the lines of a run go: stderr, with a few lines at the bottom that are drawn again and again if it is a terminal. */
export interface Terminal {
  /** True: lines can be redrawn in place. */
  readonly live: boolean;
  /** Columns and rows that a block may have. */
  readonly room: () => { readonly columns: number; readonly rows: number };
  /** Prints a line; a block stays below it. */
  readonly line: (text: string) => void;
  /** Draws the block in the place of the one before, each line cut to the width. Only where `live`. */
  readonly block: (lines: readonly PaintedLine[]) => void;
  /** Takes the block away. */
  readonly clear: () => void;
}

/** What a terminal is made of: as much of a stream as it needs. */
interface TerminalStream extends Pick<NodeJS.WriteStream, 'write'> {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** A terminal that does not know its size says 0. */
const UNKNOWN = { columns: 80, rows: 24 } as const;
/** Rows that the block leaves: one for the cursor, one to other lines. */
const ROWS_LEFT = 2;

/** ECMA-48: erase to the end of the line (EL), erase from here to the end of the screen (ED). */
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

/**
 * A terminal on a stream. Each call is one write, so that no half of a frame is seen. `environment`: NO_COLOR
 * (https://no-color.org/) leaves colours out, TERM=dumb says that the cursor cannot be moved.
 */
export function makeTerminal(
  stream: TerminalStream,
  environment: Readonly<Record<string, string | undefined>> = {},
): Terminal {
  const live = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const colour = (environment['NO_COLOR'] ?? '') === '';
  /** The block as it is on the screen: its lines painted, and the columns that each takes. */
  let painted: readonly string[] = [];
  let widths: readonly number[] = [];

  const size = (): { columns: number; rows: number } => ({
    columns: stream.columns !== undefined && stream.columns > 0 ? stream.columns : UNKNOWN.columns,
    rows: stream.rows !== undefined && stream.rows > 0 ? stream.rows : UNKNOWN.rows,
  });
  /**
   * To the block's first row. The cursor is left on an empty row below the block, because a terminal that became narrower
   * has wrapped lines to more rows, and some leave out the one with the cursor.
   */
  const toTop = (): string => {
    const { columns } = size();
    const rows = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), 0);
    return rows === 0 ? '' : `\r\x1b[${rows}A`;
  };
  const room = (): { columns: number; rows: number } => {
    const { columns, rows } = size();
    // The last column stays free: some terminals wrap when it is written.
    return { columns: columns - 1, rows: Math.max(1, rows - ROWS_LEFT) };
  };
  return {
    live,
    room,
    line(text) {
      const above = painted.length === 0 ? '' : toTop() + ERASE_BELOW;
      stream.write(`${above}${indentedLine(text)}\n${painted.map((line) => `${line}\n`).join('')}`);
    },
    block(lines) {
      const { columns, rows } = room();
      const drawn = lines.slice(0, rows);
      const top = toTop();
      painted = drawn.map((line) => paintedLine(line, columns, colour));
      widths = drawn.map((line) => columnsOf(paintedLine(line, columns, false)));
      stream.write(top + painted.map((line) => `${line}${ERASE_LINE}\n`).join('') + ERASE_BELOW);
    },
    clear() {
      if (painted.length > 0) stream.write(toTop() + ERASE_BELOW);
      painted = [];
      widths = [];
    },
  };
}
