import { shows } from '../../analysis/capacity/answer.ts';
import type { Term } from '../../analysis/capacity/objective.ts';
import { stepOf } from '../model/limits.ts';
import { counted, quantity } from '../quantity.ts';
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

/** Whether the target's CPU was recorded. */
export const knowsCpu = (levels: readonly AnswerLevel[]): boolean => levels.some(({ figures }) => figures?.cpu != null);

/** Cores of the target in use. */
export const coresWords = ({ figures }: AnswerLevel): string =>
  figures?.cpu == null ? '–' : `${number(figures.cpu.cores)} cores`;

/** What samples of a metric are called. */
const SAMPLES: Readonly<Record<string, string>> = {
  http_req_duration: 'requests',
  poll_duration: 'polls',
  decision_lag: 'decisions',
  pairing_duration: 'pairings',
  flow_duration: 'flows',
  iteration_duration: 'iterations',
};

/** What is not 0 in a rate. */
const BAD: Readonly<Record<string, string>> = {
  http_req_failed: 'failed requests',
  outcome_mismatch: 'flows that did not end as expected',
  pairing_error_rate: 'pairing errors',
  poll_error_rate: 'poll errors',
};

const metricOf = ({ selector }: Pick<Term, 'selector'>): string => selector.replace(/\{.*$/s, '');

/** What a term is about: `requests`, `poll requests`. */
export function samplesOf(term: Pick<Term, 'selector'>): string {
  const step = stepOf(term.selector);
  const metric = metricOf(term);
  return step === undefined || metric === 'poll_duration'
    ? (SAMPLES[metric] ?? `samples of ${metric}`)
    : `${step} requests`;
}

/** The share that a term limits, in words: `share of requests slower than 100 ms`, `share of failed requests`. */
export function shareOf({ limit, selector, shownLimit }: Pick<Term, 'limit' | 'selector' | 'shownLimit'>): string {
  const metric = metricOf({ selector });
  if (limit === null) return `share of ${BAD[metric] ?? `samples of ${metric} that are not 0`}`;
  return `share of ${samplesOf({ selector })} slower than ${shownLimit}`;
}

/** That levels count in spite of their generator; '' if none does. */
export function allowedSentence(levels: readonly Pick<AnswerLevel, 'end' | 'why'>[]): string {
  const allowed = levels.filter(({ end, why }) => end === 'observed' && why !== '');
  return allowed.length === 0
    ? ''
    : `${allowed.length} of ${counted(levels.length, 'level')} ${allowed.length === 1 ? 'counts' : 'count'} although the load generator was at fault (--allow-invalid): what they say is not known to be about the target.`;
}

/** One line on a level that has just been played. */
export function levelLine(level: AnswerLevel, nth: number, objective: readonly Term[]): string {
  const at = tightestTerm(level, objective);
  const head = `level ${nth}: ${number(level.rate)}/s for ${Math.round(level.lookedSeconds)} s (${level.purpose}): ${verdictWord(level)}`;
  if (level.figures === null || level.end !== 'observed') return `${head}${level.why === '' ? '' : `: ${level.why}`}`;
  const doubt = level.why === '' ? '' : `; ${level.why}`;
  return `${head}; p95 ${quantity(level.figures.p95Ms, 'ms')}, ${shareOf(objective[at]!)}: ${shareWords(level, objective)}${doubt}`;
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
