import { errorWords, liveLine, outcomesWords, rateWords, threwWords, timeWords } from './live-line.ts';
import type { LiveNumbers, LiveStep } from './live-numbers.ts';
import { NO_VALUE, msText, ratePerSecond, sharePercent } from './number-words.ts';
import { padded } from './painted-line.ts';
import type { PaintedLine, Piece, Tone } from './painted-line.ts';

/** Limits of a frame: rows in total, and rows for steps. */
const MOST_ROWS = 16;
const MOST_STEPS = 8;
/** Width of the first column; less if the numbers leave less room. */
const NAME_COLUMNS = 24;
/** Widths of a step's numbers: rate, p95, errors. */
const CELLS = [9, 10, 9] as const;
const LEAST_NAME_COLUMNS = 6;

/**
 * The live view on a terminal: time, phase and load; the busiest steps; pairing and polling; outcomes; generator
 * health. At most `rows` lines: steps are dropped first. paintedLine cuts lines to the width.
 */
export function liveFrame(numbers: LiveNumbers, columns: number, rows: number): readonly PaintedLine[] {
  const most = Math.min(MOST_ROWS, rows);
  if (most <= 1) return [[liveLine(numbers)]];
  // On a low terminal the last lines are dropped first.
  const tail = [...pathsOf(numbers), ...outcomeLines(numbers, columns), generatorLine(numbers)].slice(0, most - 1);
  const room = most - 1 - tail.length;
  const steps = room < 2 ? [] : stepLines(numbers.steps.slice(0, Math.min(MOST_STEPS, room - 1)), columns);
  return [headLine(numbers), ...steps, ...tail];
}

function headLine(numbers: LiveNumbers): PaintedLine {
  const { part, vus, vusMax, errors, threw } = numbers;
  return [
    { text: timeWords(numbers), tone: 'bold' },
    ...(part === undefined ? [] : [' ', { text: part, tone: 'bold' } as const]),
    `  ${rateWords(numbers)}  `,
    marked(errorWords(errors), errors > 0),
    ...(threw === 0 ? [] : ['  ', marked(threwWords(threw), true)]),
    `  ${vus} of ${vusMax} VUs`,
  ];
}

function stepLines(steps: readonly LiveStep[], columns: number): readonly PaintedLine[] {
  if (steps.length === 0) return [];
  const numbersWide = CELLS.reduce((sum, cell) => sum + cell, 0);
  const name = Math.max(LEAST_NAME_COLUMNS, Math.min(NAME_COLUMNS, columns - numbersWide));
  const row = (cells: readonly string[]): string =>
    cells.map((cell, at) => (at === 0 ? padded(cell, name) : cell.padStart(CELLS[at - 1]!))).join('');
  return [
    [{ text: row(['', 'per s', 'p95', 'errors']), tone: 'faint' }],
    ...steps.map(({ name: step, perSecond: rate, p95Ms, errors }) => [
      row([step, ratePerSecond(rate), msText(p95Ms)]),
      marked(sharePercent(errors).padStart(CELLS[2]), (errors ?? 0) > 0),
    ]),
  ];
}

function pathsOf({ pairing, polling }: LiveNumbers): readonly PaintedLine[] {
  return [
    ...(pairing === undefined
      ? []
      : [
          titled('pairing', [
            `${ratePerSecond(pairing.perSecond)}/s  p95 ${msText(pairing.p95Ms)}  pairing_error `,
            marked(sharePercent(pairing.errors), (pairing.errors ?? 0) > 0),
          ]),
        ]),
    ...(polling === undefined
      ? []
      : [
          titled('polling', [
            `${ratePerSecond(polling.perSecond)}/s  p95 ${msText(polling.p95Ms)}  errors `,
            marked(sharePercent(polling.errors), (polling.errors ?? 0) > 0),
            `  lag p95 ${msText(polling.lagP95Ms)}  polls/wait ${
              polling.pollsMed === undefined ? NO_VALUE : Math.round(polling.pollsMed)
            }`,
          ]),
        ]),
  ];
}

/** Outcomes, on at most two lines. */
function outcomeLines(numbers: LiveNumbers, columns: number): readonly PaintedLine[] {
  const words = outcomesWords(numbers);
  if (words === '') return [];
  const room = Math.max(1, columns - TITLE_COLUMNS);
  const end = words.length <= room ? words.length : words.lastIndexOf(', ', room) + 1;
  const lines = end === words.length || end === 0 ? [words] : [words.slice(0, end), words.slice(end + 1)];
  return lines.map((text, at) => titled(at === 0 ? 'outcomes' : '', [text]));
}

function generatorLine({ generator }: LiveNumbers): PaintedLine {
  const { eventLoopP99Ms, startLagP99Ms, stepLatenessP99Ms, cpuCores, dropped } = generator;
  const late = (
    [
      ['loop', eventLoopP99Ms],
      ['starts', startLagP99Ms],
      ['timers', stepLatenessP99Ms],
    ] as const
  ).flatMap(([what, ms]) => (ms === undefined ? [] : [`${what} ${msText(ms)}`]));
  const pieces: Piece[] = [
    late.length === 0 ? 'on time' : `late p99: ${late.join(', ')}`,
    ...(cpuCores === undefined ? [] : [`  CPU ${cpuCores.toFixed(2)}`]),
    ...(dropped === 0 ? [] : ['  ', marked(`${dropped} dropped starts`, true)]),
  ];
  return titled('generator', pieces);
}

/** Width of the titles below the steps. */
const TITLE_COLUMNS = 10;

function titled(title: string, pieces: readonly Piece[]): PaintedLine {
  return [{ text: padded(title, TITLE_COLUMNS), tone: 'faint' }, ...pieces];
}

function marked(text: string, wrong: boolean): Piece {
  const tone: Tone = 'bad';
  return wrong ? { text, tone } : text;
}
