import { PAIRING_OUTCOMES } from '../../catalogue/outcomes.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import type { RecordFold } from '../../record/record-fold.ts';
import { rateOf, sumOf } from '../../record/record-totals.ts';
import { outcomeCounts } from './flows-view.ts';
import type { PairingRow, PairingView, StepRow } from './report-model.ts';
import { stepsNamed } from './step-rows.ts';
import { shareOverTime, trendOverTime, trendSummary } from './trend-summary.ts';

/** Steps of a pairing, besides the polls of the push that follows. */
const PAIRING_STEPS = ['authenticate', 'continueAuthentication', 'token'] as const;

/** The pairing path: error rate and duration; null if no flow reached pairing. */
export function pairingView(fold: RecordFold, steps: readonly StepRow[]): PairingView | null {
  const { totals } = fold;
  const platforms = platformRows(totals);
  if (platforms.length === 0) return null;
  const ended = totals
    .breakdown('flow_outcomes', ['outcome'])
    .map(({ tags, total }) => [tags['outcome'] ?? '', sumOf(total)] as const)
    .filter(([outcome]) => (PAIRING_OUTCOMES as readonly string[]).includes(outcome));
  const { samples, passes } = rateOf(totals.select('pairing_error_rate'));
  return {
    total: {
      platform: 'all',
      judged: samples,
      errors: passes,
      duration: trendSummary(totals.select('pairing_duration')),
    },
    platforms,
    outcomes: outcomeCounts(ended),
    steps: stepsNamed(steps, PAIRING_STEPS),
    durationOverTime: trendOverTime(fold.track('pairing')),
    errorShareOverTime: shareOverTime(fold.track('pairingErrors')),
  };
}

function platformRows(totals: SeriesTotals): PairingRow[] {
  const rates = totals.breakdown('pairing_error_rate', ['platform']);
  const durations = totals.breakdown('pairing_duration', ['platform']);
  const names = [...new Set([...rates, ...durations].map(({ tags }) => tags['platform'] ?? ''))].sort();
  return names
    .map((platform) => {
      const { samples, passes } = rateOf(rates.find(({ tags }) => tags['platform'] === platform)?.total);
      const duration = trendSummary(durations.find(({ tags }) => tags['platform'] === platform)?.total);
      return { platform: platform === '' ? 'none' : platform, judged: samples, errors: passes, duration };
    })
    .filter(({ judged, duration }) => judged > 0 || duration.count > 0);
}
