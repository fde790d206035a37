import { figureWords } from '../report/figure-words.ts';
import type { CauseView, ReportModel, VerdictView } from '../report/model/report-model.ts';
import { asStarted } from './as-started.ts';
import { oneLine } from './one-line.ts';
import type { ResilienceView } from '../report/model/resilience-view.ts';

/** What the page says first: the answer, and the figures that belong to it. */
export function answerLines({ answer, highlights }: Pick<ReportModel, 'answer' | 'highlights'>): readonly string[] {
  return [
    `answer: ${oneLine(answer.sentence)}`,
    ...highlights.map((figure) => `  ${figure.attention ? '! ' : ''}${oneLine(figureWords(figure))}`),
  ];
}

/** What faults did: the verdict on all of them, then each; none where there is nothing to judge. */
export function resilienceLines(view: ResilienceView | null): readonly string[] {
  return view === null
    ? []
    : [view.summary, ...view.sentences].map((line, at) => `${at === 0 ? 'resilience: ' : '  '}${oneLine(line)}`);
}

/** What makes the verdict doubtful, why a run did not pass and what to do; printed last, where it is in plain sight. */
export function verdictLines({ verdict, remedy, causes, doubts, remarks }: VerdictView): readonly string[] {
  const advice = remedy === '' || verdict === 'pass' ? [] : [`  → ${remedy}`];
  return [
    ...doubts.map((doubt) => `  ! ${oneLine(doubt)}`),
    ...advice,
    ...(causes.length === 0 ? [] : ['why:', ...causes.flatMap(causeLines)]),
    ...remarks.map((remark) => `note: ${remark}`),
  ];
}

function causeLines({ text, remedy, command }: CauseView): readonly string[] {
  return [
    `  ${text}`,
    ...(remedy === '' ? [] : [`    → ${remedy}`]),
    ...(command === '' ? [] : [`    see one: ${command.replace(/^pairstorm(?= )/, asStarted())}`]),
  ];
}
