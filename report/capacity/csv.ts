import type { AnswerFile, AnswerLevel } from './answer-file.ts';
import { tightestTerm } from './text.ts';

type Cell = string | number | null;

/** Columns of a level; the share is that of the term that is tightest. */
const COLUMNS: readonly (readonly [name: string, cell: (level: AnswerLevel, answer: AnswerFile) => Cell])[] = [
  ['folder', ({ folder }) => folder],
  ['purpose', ({ purpose }) => purpose],
  ['rate', ({ rate }) => rate],
  ['looked_s', ({ lookedSeconds }) => lookedSeconds],
  ['requests_per_s', ({ figures }) => figures?.requestsPerSecond ?? null],
  ['ends_per_s', ({ figures }) => figures?.endsPerSecond ?? null],
  ['p50_ms', ({ figures }) => figures?.p50Ms ?? null],
  ['p95_ms', ({ figures }) => figures?.p95Ms ?? null],
  ['term', (level, { objective }) => objective[tightestTerm(level, objective)]!.name],
  ['share_over', (level, { objective }) => level.terms[tightestTerm(level, objective)]?.share ?? null],
  ['share_low', (level, { objective }) => level.terms[tightestTerm(level, objective)]?.low ?? null],
  ['share_high', (level, { objective }) => level.terms[tightestTerm(level, objective)]?.high ?? null],
  ['effective', (level, { objective }) => level.terms[tightestTerm(level, objective)]?.effective ?? null],
  ['end', ({ end }) => end],
  ['verdict', ({ verdict }) => verdict],
  ['unstable', ({ unstable }) => unstable],
];

/** The levels as CSV (RFC 4180), a row each. */
export function answerCsv(answer: AnswerFile): string {
  const rows = answer.levels.map((level) => COLUMNS.map(([, cell]) => cellText(cell(level, answer))));
  return [COLUMNS.map(([name]) => name), ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cellText(value: Cell): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
