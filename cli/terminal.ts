import { columnsOf, paintedLine } from './live/painted-line.ts';
import type { PaintedLine } from './live/painted-line.ts';
import { indentedLine } from './one-line.ts';

/** Output of a run on stderr; on a terminal with a block at the bottom that is redrawn in place. */
export interface Terminal {
  /** Whether lines can be redrawn in place. */
  readonly live: boolean;
  /** Space available for a block. */
  readonly room: () => { readonly columns: number; readonly rows: number };
  /** Prints a line; a block stays below it. */
  readonly line: (text: string) => void;
  /** Replaces the block, truncating each line to the width. Only if `live`. */
  readonly block: (lines: readonly PaintedLine[]) => void;
  /** Removes the block. */
  readonly clear: () => void;
}

/** The part of a stream that is needed. */
interface TerminalStream extends Pick<NodeJS.WriteStream, 'write'> {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Fallback for a terminal that reports size 0. */
const UNKNOWN = { columns: 80, rows: 24 } as const;
/** Rows kept free: one for the cursor, one for other lines. */
const ROWS_LEFT = 2;

/** ECMA-48: erase to the end of the line (EL), erase from here to the end of the screen (ED). */
const ERASE_LINE = '\x1b[K';
const ERASE_BELOW = '\x1b[J';

/**
 * Each call is a single write, so that no partial frame is visible. `environment`: NO_COLOR (https://no-color.org/)
 * disables colours; TERM=dumb means that the cursor cannot be moved.
 */
export function makeTerminal(
  stream: TerminalStream,
  environment: Readonly<Record<string, string | undefined>> = {},
): Terminal {
  const live = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const colour = (environment['NO_COLOR'] ?? '') === '';
  /** The block on the screen: its rendered lines and their widths. */
  let painted: readonly string[] = [];
  let widths: readonly number[] = [];

  const size = (): { columns: number; rows: number } => ({
    columns: stream.columns !== undefined && stream.columns > 0 ? stream.columns : UNKNOWN.columns,
    rows: stream.rows !== undefined && stream.rows > 0 ? stream.rows : UNKNOWN.rows,
  });
  /**
   * Moves to the block's first row. The cursor rests on an empty row below the block, because a terminal that became
   * narrower has rewrapped lines to more rows, and some do not rewrap the cursor's row.
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
