import type { CauseView, VerdictView } from '../report/model/report-model.ts';
import { asStarted } from './as-started.ts';

/** Why a run did not pass and what to do; printed last, so that the cause is in plain sight. */
export function verdictLines({ verdict, remedy, causes, remarks }: VerdictView): readonly string[] {
  const advice = remedy === '' || verdict === 'pass' ? [] : [`  → ${remedy}`];
  return [
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
