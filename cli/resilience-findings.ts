import { sickWords } from '../analysis/recovery/words.ts';
import { finding } from '../catalogue/findings.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { ResilienceRules } from '../record/analysis-rules.ts';
import type { ResilienceFound } from './resilience-of-run.ts';

/** The findings for a run's faults: hypotheses that failed, that are not known, and faults that were no experiment. */
export function resilienceFindings(
  found: ResilienceFound,
  rules: ResilienceRules | undefined,
  gate: boolean,
): readonly Finding[] {
  if (found === undefined) return [];
  if (typeof found === 'string') return [finding('resilience_not_judged', { data: { message: found }, gate })];
  const { verdict, cases } = found;
  const failed = verdict.faults.flatMap((fault) => fault.cases.filter(({ outcome }) => outcome === 'failed'));
  // All faults are compared with the same time before any.
  const sick = verdict.faults.find(({ effects }) => (effects?.sickBefore.length ?? 0) > 0);
  const open = cases.filter(({ outcome }) => outcome === 'not_known');
  const [first] = open;
  return [
    ...failed.map(({ fault, measure, limit, value, low, high }) =>
      finding('hypothesis_failed', { subject: fault, data: { measure, limit, value, low, high } }),
    ),
    ...(sick === undefined
      ? []
      : [finding('no_experiment', { data: { sick: sickWords(sick.effects!.sickBefore).join(', ') } })]),
    ...(first === undefined
      ? []
      : [
          finding('hypothesis_not_known', {
            data: { cases: open.length, of: cases.length, first: `${first.fault} ${first.name}: ${first.sentence}` },
            gate: rules?.strict === true,
          }),
        ]),
  ];
}
