import { shows } from '../../analysis/capacity/answer.ts';
import type { Term } from '../../analysis/capacity/objective.ts';
import { quantity } from '../quantity.ts';
import type { AnswerFile, AnswerLevel } from './answer-file.ts';

export const number = (value: number): string =>
  value >= 1_000 ? quantity(Math.round(value), 'count') : `${Number(value.toPrecision(3))}`;
export const percent = (share: number): string => `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`;

/** Index of the term that was nearest to its limit, or furthest beyond it. */
export function tightestTerm(
  { terms }: Pick<AnswerLevel, 'terms'>,
  objective: readonly Pick<Term, 'allowed'>[],
): number {
  const share = (at: number): number => (terms[at]?.share ?? -1) / objective[at]!.allowed;
  return objective.reduce((worst, _, at) => (share(at) > share(worst) ? at : worst), 0);
}

/** What came of a level, in a word or two; `no`: it is no observation, and what was the limit. */
export function verdictWord({ end, verdict, unstable, unsettled }: AnswerLevel): string {
  if (end === 'generator') return 'no, generator';
  if (end === 'one-address') return 'no, one address';
  if (end === 'cut') return 'no, not finished';
  return `${verdict}${unstable === null ? '' : `, ${unstable}`}${unsettled ? ', not settled' : ''}`;
}

/** Share over the limit of the term that is tightest, with its bounds. */
export function shareWords(level: AnswerLevel, objective: readonly Term[]): string {
  const at = tightestTerm(level, objective);
  const { share, low, high } = level.terms[at] ?? { share: null, low: 0, high: 1 };
  return share === null ? '–' : `${percent(share)} (${percent(low)} to ${percent(high)})`;
}

/** One line on a level that has just been played. */
export function levelLine(level: AnswerLevel, nth: number, objective: readonly Term[]): string {
  const at = tightestTerm(level, objective);
  const head = `level ${nth}: ${number(level.rate)}/s for ${Math.round(level.lookedSeconds)} s (${level.purpose}): ${verdictWord(level)}`;
  if (level.figures === null || level.end !== 'observed') return `${head}${level.why === '' ? '' : `: ${level.why}`}`;
  const { name, shownLimit } = objective[at]!;
  return `${head}; p95 ${quantity(level.figures.p95Ms, 'ms')}, ${name} over ${shownLimit}: ${shareWords(level, objective)}`;
}

/** The same in fewer characters. */
const narrowShare = (level: AnswerLevel, objective: readonly Term[]): string =>
  shareWords(level, objective)
    .replace(/ %(?=\)| to)/g, '')
    .replace(' to ', '–');

/** The levels as a table for a terminal of 80 columns. */
export function levelLines({ levels, objective }: Pick<AnswerFile, 'levels' | 'objective'>): string[] {
  const head = ['rate', 'played', 'req/s', 'p50', 'p95', 'over the limit', 'said'];
  const rows = levels
    .toSorted((a, b) => a.rate - b.rate)
    .map((level) => {
      const { figures } = level;
      const known =
        figures === null
          ? ['–', '–', '–']
          : [number(figures.requestsPerSecond), quantity(figures.p50Ms, 'ms'), quantity(figures.p95Ms, 'ms')];
      return [
        `${number(level.rate)}/s`,
        `${Math.round(level.lookedSeconds)} s`,
        ...known,
        narrowShare(level, objective),
        // Which did not settle is said in words, above.
        `${verdictWord({ ...level, unsettled: false })}${level.unsettled ? '*' : ''}`,
      ];
    });
  const widths = head.map((_, at) => Math.max(...[head, ...rows].map((row) => row[at]!.length)));
  return [head, ...rows].map((row) =>
    `  ${row.map((cell, at) => (at < 6 ? cell.padStart(widths[at]!) : cell)).join('  ')}`.trimEnd(),
  );
}

/** The answer for a terminal. */
export function answerText(answer: AnswerFile): string[] {
  const [first, ...others] = answer.sentences;
  const gate =
    answer.atLeast === null
      ? []
      : [`At least ${number(answer.atLeast)}/s: ${shows(answer, answer.atLeast) ? 'shown' : 'not shown'}.`];
  return ['', first!, ...gate, ...others, '', ...levelLines(answer), ''];
}
