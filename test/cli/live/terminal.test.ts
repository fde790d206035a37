import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaintedLine } from '../../../cli/live/painted-line.ts';
import { columnsOf, cut, padded, paintedLine } from '../../../cli/live/painted-line.ts';
import { makeTerminal } from '../../../cli/terminal.ts';
import { screen } from './screen.ts';

/** A terminal whose size can change, and what was written to it. */
function recorded(size: { isTTY: boolean; columns: number; rows: number }, env: Record<string, string> = {}) {
  const written: string[] = [];
  const write = (text: string | Uint8Array): boolean => written.push(String(text)) > 0;
  const stream = { ...size, write };
  return { written, stream, terminal: makeTerminal(stream, env) };
}

describe('The block at the bottom of a terminal', () => {
  it('is drawn in the place of the one before, and other lines come above it', async () => {
    const shown = screen(40, 10);
    const { written, terminal } = recorded({ isTTY: true, columns: 40, rows: 10 });
    terminal.line('first');
    terminal.block([['one'], ['two'], ['three']]);
    terminal.line('warning: something');
    terminal.block([['ONE'], ['TWO']]);
    for (const text of written) await shown.write(text);
    expect(shown.lines()).toEqual(['first', 'warning: something', 'ONE', 'TWO']);
  });

  it('goes without a trace', async () => {
    const shown = screen(40, 10);
    const { written, terminal } = recorded({ isTTY: true, columns: 40, rows: 10 });
    terminal.line('before');
    terminal.block([['one'], ['two'], ['three']]);
    terminal.clear();
    terminal.line('after');
    for (const text of written) await shown.write(text);
    expect(shown.lines()).toEqual(['before', 'after']);
  });

  it('is one write for each frame, and one for each line above it', () => {
    const { written, terminal } = recorded({ isTTY: true, columns: 40, rows: 10 });
    terminal.block([['one'], ['two']]);
    terminal.block([['one'], ['two']]);
    terminal.line('a line');
    expect(written).toHaveLength(3);
  });

  it('leaves what was there before alone when the terminal gets narrower and wraps it', async () => {
    const shown = screen(40, 12);
    const { written, stream, terminal } = recorded({ isTTY: true, columns: 40, rows: 12 });
    terminal.line('before');
    terminal.block([['x'.repeat(60)], ['y'.repeat(60)]]);
    await shown.write(written.join(''));
    written.length = 0;
    stream.columns = 25;
    shown.resize(25, 12);
    terminal.block([['x'.repeat(60)], ['y'.repeat(60)]]);
    await shown.write(written.join(''));
    expect(shown.lines()).toEqual(['before', `${'x'.repeat(23)}…`, `${'y'.repeat(23)}…`]);
  });

  it('is never higher than the terminal, less two rows', async () => {
    const shown = screen(20, 5);
    const { written, terminal } = recorded({ isTTY: true, columns: 20, rows: 5 });
    const lines = (mark: string): PaintedLine[] => Array.from({ length: 9 }, (_, at) => [`${mark}${at}`]);
    terminal.line('before');
    for (const mark of ['a', 'b', 'c']) terminal.block(lines(mark));
    await shown.write(written.join(''));
    expect(shown.lines()).toEqual(['before', 'c0', 'c1', 'c2']);
  });

  it('takes 80 columns and 24 rows where the terminal does not know its size', () => {
    expect(recorded({ isTTY: true, columns: 0, rows: 0 }).terminal.room()).toEqual({ columns: 79, rows: 22 });
  });

  it.each([
    ['a pipe', false, {}],
    ['a terminal that cannot move its cursor', true, { TERM: 'dumb' }],
  ])('is not to be had on %s', (_what, isTTY, env) => {
    const { terminal, written } = recorded({ isTTY, columns: 40, rows: 10 }, env);
    expect(terminal.live).toBe(false);
    terminal.line('x'.repeat(200));
    terminal.clear();
    expect(written).toEqual([`${'x'.repeat(200)}\n`]);
  });

  it('has colours, unless NO_COLOR says otherwise', () => {
    const line: PaintedLine[] = [[{ text: '1 error', tone: 'bad' }]];
    const coloured = recorded({ isTTY: true, columns: 40, rows: 10 });
    coloured.terminal.block(line);
    const plain = recorded({ isTTY: true, columns: 40, rows: 10 }, { NO_COLOR: '1' });
    plain.terminal.block(line);
    expect([coloured.written[0], plain.written[0]]).toEqual([
      '\x1b[31m1 error\x1b[39m\x1b[K\n\x1b[J',
      '1 error\x1b[K\n\x1b[J',
    ]);
  });
});

describe('A painted line', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }));

  it('is never wider than the terminal, in whatever script, and steers nothing', () => {
    fc.assert(
      fc.property(fc.array(text), fc.integer({ min: 1, max: 60 }), (pieces, columns) => {
        const line = paintedLine(pieces, columns, false);
        expect(columnsOf(line)).toBeLessThanOrEqual(columns);
        expect(line).not.toMatch(/\p{Cc}/u);
      }),
    );
  });

  it('says by a mark that something was cut', () => {
    expect(paintedLine(['abc', 'def'], 6, false)).toBe('abcdef');
    expect(paintedLine(['abc', 'def', 'g'], 6, false)).toBe('abcde…');
    expect(paintedLine(['abc', 'def'], 3, false)).toBe('ab…');
    expect([cut('abc', 0), cut('日本語', 4), padded('ab', 4)]).toEqual(['', '日…', 'ab  ']);
  });
});
