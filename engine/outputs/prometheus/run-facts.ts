import { plannedRate } from '../../../contract/planned-scenario.ts';
import type { Verdict } from '../../../catalogue/verdict.ts';
import type { ThresholdDefinition, ThresholdResult } from '../../../contract/threshold-expression.ts';
import type { PlannedScenario } from '../../../contract/planned-scenario.ts';
import { labelsOf } from './labels.ts';
import { thresholdParts } from '../../../contract/threshold-expression.ts';
import type { Family } from './metric-names.ts';
import type { ShownSeries } from './shown-series.ts';

/** What is known about a run at its start: fields of run.json. */
export interface PlannedRunFacts {
  readonly testid: string;
  readonly script: string;
  /** Version of Pairstorm. */
  readonly pairstorm: string;
  readonly thresholds: readonly ThresholdDefinition[];
  readonly intervalMs: number;
  readonly scenarios: readonly (PlannedScenario & { readonly phase?: string | undefined })[];
  /** Start of the run's clock, Unix milliseconds. */
  readonly startedAtMs: number;
}

/** What is known at its end. */
export interface RunOutcome {
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly durationMs: number;
  readonly thresholds: readonly ThresholdResult[];
}

type Labelled = Readonly<Record<string, string>>;

/** A fact: labels and value, possibly a function of the milliseconds since the start (Infinity once ended). */
type Fact = readonly [labels: Labelled, value: number | ((sinceMs: number) => number | undefined)];

/** Families of facts: help text, and how to read them from the source. */
type FactTable<Source> = Readonly<Record<string, readonly [help: string, read: (source: Source) => readonly Fact[]]>>;

/** Facts known from the start; docs/prometheus.md lists them. */
export const PLAN_FACTS: FactTable<PlannedRunFacts> = {
  pairstorm_run_info: [
    'The script, and the version of Pairstorm',
    ({ script, pairstorm }) => [[{ script, version: pairstorm }, 1]],
  ],
  pairstorm_run_start_time_seconds: [
    'Start time of the run, Unix time',
    ({ startedAtMs }) => [[{}, startedAtMs / 1_000]],
  ],
  pairstorm_planned_arrivals_per_second: [
    'Current arrival rate of the plan',
    ({ scenarios }) =>
      scenarios.flatMap(({ name, arrivals }): Fact[] =>
        arrivals === null ? [] : [[{ scenario: name }, (sinceMs) => plannedRate(arrivals, sinceMs)]],
      ),
  ],
  pairstorm_scenario_active: [
    'Whether a scenario is planned to run now',
    ({ scenarios }) =>
      scenarios.map(({ name, phase, startMs, durationMs }): Fact => [
        { scenario: name, phase: phase ?? '' },
        (sinceMs) => (sinceMs >= startMs && sinceMs < startMs + (durationMs ?? Infinity) ? 1 : 0),
      ]),
  ],
  pairstorm_scenario_stage: [
    'Stages of a planned arrival rate that have started',
    ({ scenarios }) =>
      scenarios.flatMap(({ name, arrivals }): Fact[] =>
        arrivals === null
          ? []
          : [[{ scenario: name }, (sinceMs) => arrivals.filter(([atMs]) => atMs <= sinceMs).length]],
      ),
  ],
  pairstorm_threshold_limit: [
    'Limit of a threshold, in its own unit',
    ({ thresholds }) =>
      thresholds.map((threshold): Fact => [
        labelsOfThreshold(threshold),
        thresholdParts(threshold.expression)?.limit ?? NaN,
      ]),
  ],
};

/** Facts known at the end. */
export const END_FACTS: FactTable<RunOutcome> = {
  pairstorm_threshold_value: [
    'Value that a threshold was evaluated with, in its own unit',
    ({ thresholds }) =>
      thresholds.flatMap((threshold): Fact[] =>
        threshold.value === null ? [] : [[labelsOfThreshold(threshold), threshold.value]],
      ),
  ],
  pairstorm_threshold_ok: [
    'Whether a threshold passed',
    ({ thresholds }) => thresholds.map((threshold): Fact => [labelsOfThreshold(threshold), threshold.ok ? 1 : 0]),
  ],
  pairstorm_run_verdict: ['Verdict of the run', ({ verdict }) => [[{ verdict }, 1]]],
  pairstorm_run_exit_code: ['Exit code of the run', ({ exitCode }) => [[{}, exitCode]]],
  pairstorm_run_duration_seconds: ['Duration of the run', ({ durationMs }) => [[{}, durationMs / 1_000]]],
};

/** The series of a table's facts. `sinceStart` converts a time to milliseconds since the start of the run. */
export function factSeries<Source>(
  table: FactTable<Source>,
  source: Source,
  testid: string,
  sinceStart: (unixMs: number) => number,
): readonly ShownSeries[] {
  return Object.entries(table).flatMap(([name, [help, read]]) => {
    const family: Family = { name, type: 'gauge', help };
    return read(source).map(([labels, value]) => ({
      family,
      labels: labelsOf(labels, { testid }),
      valueAt: typeof value === 'number' ? () => value : (unixMs: number) => value(sinceStart(unixMs)),
    }));
  });
}

function labelsOfThreshold({ metric, expression }: ThresholdDefinition | ThresholdResult): Labelled {
  return { metric, expression };
}
