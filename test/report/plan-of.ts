import { planAssumptions, planSentences } from '../../analysis/planning/plan-words.ts';
import { planNodes } from '../../analysis/planning/plan.ts';
import type { MeasuredAnswer, PlanQuestion } from '../../analysis/planning/plan.ts';
import { PLAN_VERSION } from '../../report/planning/plan-file.ts';
import type { PlanFile } from '../../report/planning/plan-file.ts';

/** The question of the worked example in docs/planning.md. */
export const QUESTION: PlanQuestion = {
  ...{ peakHour: 200_000, peakToMean: 1.6, growth: 0.2, headroom: 0.2, nodesMayFail: 1 },
  ...{ pairingShare: null, connectionsPerUser: 1 },
};

/** The plan.json that `pairstorm plan` makes of such answers. */
export function planOf(answers: readonly MeasuredAnswer[], changed: Partial<PlanQuestion> = {}): PlanFile {
  const plan = planNodes(answers, { ...QUESTION, ...changed }, 0.95);
  return {
    ...{ plan: 'pairstorm-plan', version: PLAN_VERSION, pairstorm: '1.2.3', madeAt: '2026-01-31T12:00:00.000Z' },
    ...{ exitCode: plan.nodes === null ? 99 : 0, sentences: planSentences(plan), assumptions: planAssumptions(plan) },
    ...{ doubts: [], simulated: false, confidence: 0.95, objective: ['p95(poll_duration)<300ms', 'error_rate<0.1%'] },
    ...{ answers, ...plan },
  };
}
