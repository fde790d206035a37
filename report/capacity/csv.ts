import { csvText } from '../csv-text.ts';
import type { Columns } from '../csv-text.ts';
import type { AnswerFile, AnswerLevel } from './answer-file.ts';
import { tightestTerm } from './text.ts';

/** The levels as CSV, a row each; the share is that of the term that is tightest. */
export function answerCsv({ levels, objective }: AnswerFile): string {
  const term = (level: AnswerLevel): number => tightestTerm(level, objective);
  const columns: Columns<AnswerLevel> = [
    ['folder', ({ folder }) => folder],
    ['purpose', ({ purpose }) => purpose],
    ['rate', ({ rate }) => rate],
    ['looked_s', ({ lookedSeconds }) => lookedSeconds],
    ['requests_per_s', ({ figures }) => figures?.requestsPerSecond ?? null],
    ['ends_per_s', ({ figures }) => figures?.endsPerSecond ?? null],
    ['p50_ms', ({ figures }) => figures?.p50Ms ?? null],
    ['p95_ms', ({ figures }) => figures?.p95Ms ?? null],
    ['cpu_cores', ({ figures }) => figures?.cpu?.cores ?? null],
    ['term', (level) => objective[term(level)]!.name],
    ['share_over', (level) => level.terms[term(level)]?.share ?? null],
    ['share_low', (level) => level.terms[term(level)]?.low ?? null],
    ['share_high', (level) => level.terms[term(level)]?.high ?? null],
    ['effective', (level) => level.terms[term(level)]?.effective ?? null],
    ['end', ({ end }) => end],
    ['verdict', ({ verdict }) => verdict],
    ['unstable', ({ unstable }) => unstable],
  ];
  return csvText(columns, levels);
}
