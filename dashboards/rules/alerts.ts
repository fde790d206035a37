import { counterName, gaugeName, rateName } from '../../catalogue/metric-models.ts';
import { recordedNames } from './recorded-names.ts';
import type { RuleWindows } from './rule-file.ts';

/** Limits of the alerts. Those of errors are the scenarios' thresholds (docs/settings.md). */
const LIMITS = {
  /** Share of polls, of pairings, of flows: MAX_ERROR_RATE. */
  errorShare: 0.01,
  /** Last hour over everything before it. */
  drift: 1.5,
  /** p99 of the generator's delays, in seconds, from which a run is invalid (docs/engine.md, "Accounts"). */
  generatorLateS: 0.5,
  /** Growth of memory per hour, relative to its size. */
  memoryGrowth: 0.1,
  /** Share of started flows that have not ended. */
  pilingUp: 0.1,
  /** Share of planned starts that took place. */
  rateReached: 0.95,
} as const;

/** An alert: a query, and the condition on its results. All are limited to running runs. */
interface Alert {
  readonly name: string;
  /** PromQL with a result in every run. */
  readonly value: string;
  /** Appended to `value`, so that only alerts remain. */
  readonly condition: string;
  /** Minimum duration. */
  readonly lasts: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
  readonly description: string;
}

const percent = '{{ $value | humanizePercentage }}';
const ofRun = 'of run {{ $labels.testid }}';

/** Problems of a running run. docs/runbook.md has a section for each. */
export function alerts(windows: RuleWindows): readonly Alert[] {
  const { recent, hour } = windows;
  const names = recordedNames(windows);
  return [
    {
      name: 'PairstormPollErrors',
      value: names.pollErrors,
      condition: `> ${LIMITS.errorShare}`,
      lasts: '5m',
      severity: 'warning',
      summary: `Polls ${ofRun} fail`,
      description: `${percent} of the polls of the last ${recent} got no response, or an unexpected error.`,
    },
    {
      name: 'PairstormPairingErrors',
      value: names.pairingErrors,
      condition: `> ${LIMITS.errorShare}`,
      lasts: '5m',
      severity: 'warning',
      summary: `Unexpected pairing errors ${ofRun}`,
      description: `${percent} of the pairings of the last ${recent} ended in pairing_error, in flow kinds that expect none.`,
    },
    {
      name: 'PairstormOutcomesNotPrescribed',
      value: `max by (testid, kind) (${rateName('outcome_mismatch')})`,
      condition: `> ${LIMITS.errorShare}`,
      lasts: '5m',
      severity: 'warning',
      summary: `Flows {{ $labels.kind }} ${ofRun} end unexpectedly`,
      description: `${percent} of the flows of kind {{ $labels.kind }} since the start of the run did not end as expected.`,
    },
    {
      name: 'PairstormErrorBudgetBurning',
      value: names.faultyHour,
      condition: `> ${LIMITS.errorShare} and on (testid) ${names.faultyRecent} > ${LIMITS.errorShare}`,
      lasts: '5m',
      severity: 'critical',
      summary: `Run {{ $labels.testid }} is using up its error budget`,
      description: `${percent} of the flows of the last ${hour} ended in an outcome that is always a fault, and it continues; ${LIMITS.errorShare * 100}% are allowed.`,
    },
    {
      name: 'PairstormDecisionLagDrift',
      value: `${names.lag} / ${names.lagBefore}`,
      condition: `> ${LIMITS.drift}`,
      lasts: '15m',
      severity: 'warning',
      summary: `Decision lag ${ofRun} has grown`,
      description: `Decision lag of the last ${hour} is {{ $value | humanize }} times what it was before.`,
    },
    {
      name: 'PairstormStepDurationDrift',
      value: `${names.stepTime} / ${names.stepTimeBefore}`,
      condition: `> ${LIMITS.drift}`,
      lasts: '15m',
      severity: 'warning',
      summary: `{{ $labels.name }} ${ofRun} has become slower`,
      description: `A request {{ $labels.name }} of the last ${hour} took {{ $value | humanize }} times as long as before.`,
    },
    {
      name: 'PairstormGeneratorUnhealthy',
      value: names.generatorLate,
      condition: `> ${LIMITS.generatorLateS}`,
      lasts: '1m',
      severity: 'critical',
      summary: `The numbers ${ofRun} cannot be trusted`,
      description: `The load generator{{ with $labels.instance }} {{ . }}{{ end }} was itself late by {{ $value | humanizeDuration }} at p99: it measured itself, not the target.`,
    },
    {
      name: 'PairstormGeneratorMemoryGrowing',
      value: names.memoryGrowth,
      condition: `> ${LIMITS.memoryGrowth}`,
      lasts: '1h',
      severity: 'warning',
      summary: `The memory of the load generator ${ofRun} grows`,
      description: `It grows by ${percent} an hour{{ with $labels.instance }} on {{ . }}{{ end }}.`,
    },
    {
      name: 'PairstormFlowsPilingUp',
      value: `(${names.started} - ${names.ended}) / ${names.started}`,
      condition: `> ${LIMITS.pilingUp}`,
      lasts: '10m',
      severity: 'warning',
      summary: `Flows ${ofRun} pile up`,
      description: `${percent} of the flows started in the last ${recent} have piled up: flows take longer and longer.`,
    },
    {
      name: 'PairstormRateNotReached',
      value: `${names.started} / (${names.planned} > 0)`,
      condition: `< ${LIMITS.rateReached}`,
      lasts: '5m',
      severity: 'warning',
      summary: `Run {{ $labels.testid }} does not reach its planned load`,
      description: `${percent} of the planned starts took place in the last ${recent}.`,
    },
    {
      name: 'PairstormArrivalsDropped',
      // A counter that was never incremented has no series.
      value: `(sum by (testid) (rate(${counterName('dropped_iterations')}[${recent}])) or 0 * ${names.started})`,
      condition: `> ${LIMITS.errorShare} * ${names.started}`,
      lasts: '5m',
      severity: 'warning',
      summary: `Starts ${ofRun} are dropped`,
      description: `{{ $value | humanize }} starts per second found no free VU in the last ${recent}.`,
    },
    {
      name: 'PairstormRunStalled',
      value: `sum by (testid) (${gaugeName('vus')})`,
      condition: `> 0 unless on (testid) ${names.ended} > 0`,
      lasts: '10m',
      severity: 'critical',
      summary: `Run {{ $labels.testid }} is stuck`,
      description: `No flow ended in the last ${recent}, with {{ $value }} VUs running.`,
    },
  ];
}
