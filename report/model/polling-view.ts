import { POLL_NAMES } from '../../contract/selector.ts';
import type { RecordFold } from '../../record/record-fold.ts';
import { rateOf, sumOf } from '../../record/record-totals.ts';
import type { PollingView, StepRow } from './report-model.ts';
import { stepsNamed } from './step-rows.ts';
import { shareOverTime, trendOverTime, trendSummary } from './trend-summary.ts';

/** The polling path: latency of polls, polls per wait, decision lag; null if no client waited for a decision. */
export function pollingView(fold: RecordFold, steps: readonly StepRow[]): PollingView | null {
  const { totals } = fold;
  const { samples, passes } = rateOf(totals.select('poll_error_rate'));
  const duration = trendSummary(totals.select('poll_duration'));
  if (samples === 0 && duration.count === 0) return null;
  const latePolls = sumOf(totals.select('late_polls'));
  return {
    polls: Math.max(samples + latePolls, duration.count),
    judged: samples,
    errors: passes,
    latePolls,
    duration,
    decisionLag: trendSummary(totals.select('decision_lag')),
    pollsPerFlow: trendSummary(totals.select('polls_per_flow')),
    steps: stepsNamed(steps, POLL_NAMES),
    durationOverTime: trendOverTime(fold.track('polls')),
    decisionLagOverTime: trendOverTime(fold.track('decisionLag')),
    errorShareOverTime: shareOverTime(fold.track('pollErrors')),
  };
}
