import type { RuleWindows } from './rule-file.ts';

/**
 * Names of the recording rules: `labels:metric:operation` (prometheus.io, "Recording rules", Naming). In one place,
 * because alerts use them.
 */
export const recordedNames = ({ recent, hour }: RuleWindows) =>
  ({
    running: 'testid:k6_vus:running',
    started: `testid:k6_flows:rate${recent}`,
    ended: `testid:k6_flow_outcomes:rate${recent}`,
    endedByOutcome: `testid_outcome:k6_flow_outcomes:rate${hour}`,
    faultyRecent: `testid:k6_flow_outcomes_faulty:ratio_rate${recent}`,
    faultyHour: `testid:k6_flow_outcomes_faulty:ratio_rate${hour}`,
    pairingErrors: `testid:k6_pairing_errors_not_prescribed:ratio_rate${recent}`,
    pollErrors: `testid:k6_polls_failed:ratio_rate${recent}`,
    requestErrors: `testid_name:k6_http_reqs_failed:ratio_rate${hour}`,
    stepTime: `testid_name:k6_http_req_duration_seconds:per_sample${hour}`,
    stepTimeBefore: `testid_name:k6_http_req_duration_seconds:per_sample_before${hour}`,
    stepP95: `testid_name:k6_http_req_duration_p95:max${hour}`,
    lag: `testid:k6_decision_lag_seconds:per_sample${hour}`,
    lagBefore: `testid:k6_decision_lag_seconds:per_sample_before${hour}`,
    lagP95: `testid:k6_decision_lag_p95:max${hour}`,
    planned: `testid:pairstorm_planned_arrivals_per_second:least${recent}`,
    generatorLate: 'testid_instance:pairstorm_generator_late_seconds:max',
    memoryGrowth: `testid_instance:pairstorm_generator_memory:growth_ratio${hour}`,
  }) as const;

/** Key of a recording rule. */
export type Recorded = keyof ReturnType<typeof recordedNames>;
