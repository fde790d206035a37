/**
 * Series about the run itself that `pairstorm run` sends in addition to k6's metrics, with their labels
 * (docs/prometheus.md). k6 alone has none of them.
 */
export const RUN_FACTS = {
  pairstorm_run_info: 'script version',
  pairstorm_run_start_time_seconds: '',
  pairstorm_planned_arrivals_per_second: 'scenario',
  pairstorm_scenario_active: 'scenario phase',
  pairstorm_scenario_stage: 'scenario',
  pairstorm_threshold_limit: 'metric expression',
  pairstorm_threshold_value: 'metric expression',
  pairstorm_threshold_ok: 'metric expression',
  pairstorm_run_verdict: 'verdict',
  pairstorm_run_exit_code: '',
  pairstorm_run_duration_seconds: '',
} as const;

/** Name of a series about the run, in Prometheus. */
export type RunFact = keyof typeof RUN_FACTS;

/** Whether a fact has one series per scenario. */
export const isOfScenario = (fact: RunFact): boolean => RUN_FACTS[fact].split(' ').includes('scenario');
