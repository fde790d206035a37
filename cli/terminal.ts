import { oneLine } from './one-line.ts';

/** Where the lines of a run go: stderr, with a status line at the bottom if it is a terminal. */
export interface Terminal {
  /** True: a status line can be redrawn in place. */
  readonly live: boolean;
  /** Prints a line above the status line. */
  readonly line: (text: string) => void;
  /** Redraws the status line, cut to the width; elsewhere a line like any other. */
  readonly status: (text: string) => void;
  /** Takes the status line away. */
  readonly clear: () => void;
}

const WIDEST = 80;
/** Carriage return; erase the line (ECMA-48 EL). */
const ERASE = '\r\x1b[2K';

/** A terminal on a stream. */
export function makeTerminal(
  stream: Pick<NodeJS.WriteStream, 'write'> & { isTTY?: boolean; columns?: number },
): Terminal {
  const live = stream.isTTY === true;
  let shown = false;
  const clear = (): void => {
    if (shown) stream.write(ERASE);
    shown = false;
  };
  return {
    live,
    clear,
    line: (text) => {
      clear();
      stream.write(`${oneLine(text)}\n`);
    },
    status: (text) => {
      if (!live) {
        stream.write(`${oneLine(text)}\n`);
        return;
      }
      // A terminal that does not know its width says 0. The last column stays free: some wrap when it is written.
      const { columns = 0 } = stream;
      const width = (columns > 0 ? Math.min(WIDEST, columns) : WIDEST) - 1;
      stream.write(ERASE + oneLine(text).slice(0, width));
      shown = true;
    },
  };
}
