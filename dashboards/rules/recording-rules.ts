import { FAULTY_OUTCOMES } from '../../catalogue/faulty-outcomes.ts';
import { gaugeName, trendName } from '../../catalogue/metric-models.ts';
import { PAIRING_OUTCOMES } from '../../catalogue/outcomes.ts';
import { KINDS_THAT_PAIR } from '../expressions.ts';
import { LATENCIES } from '../selector.ts';
import { recordedNames } from './recorded-names.ts';
import type { Recorded } from './recorded-names.ts';
import { highestOf, perSampleBefore, perSampleOf, rateExpression, ratioOf } from './rule-expressions.ts';
import type { RuleGroup, RuleWindows } from './rule-file.ts';

/** The lesser of now and one window ago: what a rate over the window must reach even on a ramp. */
const leastOf = (gauge: string, window: string): string => {
  const before = gauge.replace(/\)$/, ` offset ${window})`);
  return `(${gauge} < ${before}) or ${before}`;
};

/** Expressions of the recording rules, by the key of their names. */
function recorded({ recent, hour }: RuleWindows): Readonly<Record<Recorded, string>> {
  const memory = gaugeName('generator_memory_bytes');
  const faulty = { outcome: FAULTY_OUTCOMES };
  return {
    // Only running runs: a run that has ended is still in the windows for an hour.
    running: `group by (testid) (${gaugeName('vus')})`,
    started: rateExpression('flows', recent),
    ended: rateExpression('flow_outcomes', recent),
    endedByOutcome: rateExpression('flow_outcomes', hour, ['outcome']),
    faultyRecent: ratioOf('flow_outcomes', recent, faulty),
    faultyHour: ratioOf('flow_outcomes', hour, faulty),
    pairingErrors: ratioOf(
      'flow_outcomes',
      recent,
      { outcome: ['pairing_error'] },
      { outcome: PAIRING_OUTCOMES, kind: KINDS_THAT_PAIR },
    ),
    pollErrors: ratioOf('http_reqs', recent, { expected_response: ['false'] }, { name: ['poll'], peer: ['pf'] }),
    requestErrors: ratioOf('http_reqs', hour, { expected_response: ['false'] }, { peer: ['pf'] }, ['name']),
    stepTime: perSampleOf('http_req_duration', hour, ['name'], LATENCIES),
    stepTimeBefore: perSampleBefore('http_req_duration', hour, ['name'], LATENCIES),
    stepP95: highestOf('http_req_duration', 'p95', hour, ['name'], LATENCIES),
    lag: perSampleOf('decision_lag', hour),
    lagBefore: perSampleBefore('decision_lag', hour),
    lagP95: highestOf('decision_lag', 'p95', hour),
    planned: leastOf('sum by (testid) (pairstorm_planned_arrivals_per_second)', recent),
    generatorLate: `max by (testid, instance) ({__name__=~"${[
      trendName('generator_event_loop_delay', 'p99'),
      trendName('generator_start_lag', 'p99'),
      trendName('step_lateness', 'p99'),
    ].join('|')}"})`,
    // Growth per hour, relative to its size.
    memoryGrowth: `sum by (testid, instance) (3600 * deriv(${memory}[${hour}])) / sum by (testid, instance) (${memory})`,
  };
}

/** Rates, ratios and hourly figures of all runs: for graphs over days of a soak. */
export function recordingRules(windows: RuleWindows): RuleGroup {
  const names = recordedNames(windows);
  return {
    name: 'pairstorm-recording',
    rules: (Object.entries(recorded(windows)) as [Recorded, string][]).map(([key, expr]) => ({
      record: names[key],
      expr,
    })),
  };
}
