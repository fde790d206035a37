import xterm from '@xterm/headless';

/** A terminal without a window: what a person would see of what was written. */
export interface Screen {
  readonly write: (text: string) => Promise<void>;
  readonly resize: (columns: number, rows: number) => void;
  /** All lines, those that were scrolled away too, without empty ones at the end. */
  readonly lines: () => string[];
}

/** A screen of that size. A line feed goes to the first column, as a terminal's driver makes it (ONLCR). */
export function screen(cols: number, rows: number): Screen {
  const terminal = new xterm.Terminal({ cols, rows, convertEol: true, allowProposedApi: true, scrollback: 1_000 });
  return {
    write: (text) => new Promise((resolve) => terminal.write(text, resolve)),
    resize: (columns, height) => terminal.resize(columns, height),
    lines() {
      const { active } = terminal.buffer;
      const all = Array.from({ length: active.length }, (_, at) => active.getLine(at)?.translateToString(true) ?? '');
      while (all.at(-1) === '') all.pop();
      return all;
    },
  };
}
