import { NO_FAULT } from '../../catalogue/phases.ts';
import { NOTHING, counted, quantity, roundQuantity } from '../quantity.ts';
import { pairingErrors, phaseOf, slowestRecovery } from './answer-facts.ts';
import type { AnswerFacts } from './answer-facts.ts';
import type { Highlight, RunKind } from './answer-model.ts';
import { inPhase, onLatency, onMetric, stepOf } from './limits.ts';
import type { PhaseRow, ThresholdRow } from './report-model.ts';

/** A figure, the thresholds that judge it (by selector), and whether it is bad if none does. */
interface Measured extends Omit<Highlight, 'attention' | 'name'> {
  readonly judges?: (selector: string) => boolean;
  readonly bad?: boolean;
}

const whole = (value: number): string => quantity(value, 'count');
/** Three digits: a rate of some minutes is not known better. */
const rough = (value: number): number => Number(value.toPrecision(3));
const HOUR = 3_600;

/** Every figure; null where the run has nothing of the kind. No means, which hide what users experience. */
const FIGURES = {
  unexpected_outcomes: ({ flows }) =>
    flows && {
      ...{ label: 'Unexpected outcomes', value: flows.judged === 0 ? null : flows.notAsPrescribed, unit: 'count' },
      detail: flows.judged === 0 ? 'no flow had an expected outcome' : `of ${counted(flows.judged, 'flow')} that ended`,
      ...{ judges: onMetric('outcome_mismatch'), bad: flows.notAsPrescribed > 0 },
    },
  kinds_played: ({ flows }) =>
    flows && {
      ...{ label: 'Kinds of flow played', value: flows.kinds.length, unit: 'count' },
      detail: `${counted(flows.ended, 'flow')} ended${flows.interrupted === 0 ? '' : `, ${whole(flows.interrupted)} cut off`}`,
    },
  flows_per_hour: ({ volume, throughput, proven }) =>
    volume && {
      ...{ label: hourly('Flows', proven), value: rough(volume.perSecond * HOUR), unit: 'count' },
      detail: `${rough(volume.perSecond)}/s ${proven ? 'carried' : 'started'}${dropped(throughput?.totals.dropped ?? 0)}`,
      judges: onMetric('dropped_iterations', 'flows'),
    },
  pairings_per_hour: ({ volume, proven }) => volume && perHour(volume.perSecond, volume.pairedShare, proven),
  unexpected_pairing_errors: (facts) => {
    if (facts.pairing === null) return null;
    const { unexpected, expected } = pairingErrors(facts);
    return {
      ...{
        label: 'Unexpected pairing errors',
        value: facts.pairing.total.judged === 0 ? null : unexpected,
        unit: 'count',
      },
      detail: `of ${counted(facts.pairing.total.judged, 'pairing')}${expected === 0 ? '' : `; ${whole(expected)} of them ${expected === 1 ? 'was' : 'were'} expected to fail`}`,
      bad: unexpected > 0,
    };
  },
  failed_requests: ({ failedRequests: { samples, passes } }) =>
    samples === 0
      ? null
      : {
          ...{ label: 'Failed requests', value: passes, unit: 'count' },
          detail: `${passes === 0 ? '' : `${quantity(passes / samples, 'share')} `}of ${whole(samples)}`,
          // Of the phone's side there is another threshold, and these requests are not counted here.
          judges: (selector: string) => onMetric('http_req_failed')(selector) && !/[{,]peer:device/.test(selector),
          bad: passes > 0,
        },
  request_p95: ({ latency }) =>
    latency && {
      ...{ label: 'Request p95', value: latency.total.p95, unit: 'ms', detail: latency.of },
      judges: onLatency(),
    },
  pairing_path_p95: ({ thresholds, pairing }) =>
    closest('Pairing path p95', thresholds, onLatency('authenticate', 'continueAuthentication', 'token')) ??
    (pairing === null || pairing.total.duration.count === 0
      ? null
      : {
          ...{ label: 'Pairing p95', value: pairing.total.duration.p95, unit: 'ms' },
          ...{ detail: 'server time from authenticate to token', judges: onMetric('pairing_duration') },
        }),
  polling_path_p95: ({ thresholds, polling }) =>
    closest(
      'Polling path p95',
      thresholds,
      (selector) => onLatency('poll', 'wait')(selector) || selector === 'decision_lag',
    ) ??
    (polling === null || polling.decisionLag.count === 0
      ? null
      : {
          ...{ label: 'Decision lag p95', value: polling.decisionLag.p95, unit: 'ms' },
          ...{ detail: 'from the decision until the app learns of it', judges: onMetric('decision_lag') },
        }),
  poll_errors: ({ polling }) =>
    polling && {
      ...{ label: 'Poll errors', value: polling.judged === 0 ? null : polling.errors, unit: 'count' },
      ...{
        detail: `of ${counted(polling.judged, 'poll')}`,
        judges: onMetric('poll_error_rate'),
        bad: polling.errors > 0,
      },
    },
  series_drifting: ({ drift }) => {
    if (drift === null) return null;
    const judged = drift.verdict.series.filter(({ kind }) => kind !== 'generator');
    const [drifting, unknown] = (['drifts', 'not_known'] as const).map(
      (verdict) => judged.filter((one) => one.verdict === verdict).length,
    ) as [number, number];
    const [worst] = judged.filter(({ verdict }) => verdict === 'drifts');
    const named = worst === undefined ? '' : `: ${worst.name}${drifting === 1 ? '' : ' and others'}`;
    return {
      ...{
        label: unknown === 0 ? 'Series that drift' : 'Series known to drift',
        value: judged.length === unknown ? null : drifting,
        unit: 'count',
      },
      ...{ detail: `of ${judged.length}${named}${unknown === 0 ? '' : `; ${unknown} not known`}`, bad: drifting > 0 },
    };
  },
  rate_held: ({ staircase }) =>
    staircase && {
      ...{ label: 'Rate that held', value: staircase.held?.rate ?? null, unit: 'perSecond' },
      detail: staircase.held === null ? 'not even the first one' : 'flow starts',
    },
  held_flows_per_hour: ({ staircase }) =>
    staircase?.held && {
      ...{
        label: 'Flows an hour',
        value: rough(staircase.held.rate * HOUR),
        unit: 'count',
        detail: 'at the rate that held',
      },
    },
  held_pairings_per_hour: ({ staircase }) => staircase?.held && perHour(staircase.held.rate, staircase.pairedShare),
  held_p95: ({ staircase }) =>
    staircase?.held && {
      ...{ label: 'Request p95 there', value: staircase.held.p95Ms, unit: 'ms', detail: 'at the rate that held' },
    },
  rate_broke: ({ staircase }) =>
    staircase && {
      ...{ label: 'Rate that did not', value: staircase.broke?.rate ?? null, unit: 'perSecond' },
      detail:
        staircase.broke === null
          ? 'none: raise MAX_RATE'
          : staircase.broke.ending === 'not finished'
            ? 'it was not played to its end'
            : `request p95 ${quantity(staircase.broke.p95Ms, 'ms')}`,
    },
  p95_before: (facts) => phaseP95('Request p95 before', phaseOf(facts, 'steady'), 'steady'),
  p95_in_spike: (facts) => phaseP95('In the spike', phaseOf(facts, 'spike'), 'spike'),
  p95_after: (facts) => phaseP95('After it', phaseOf(facts, 'recovery'), 'recovery'),
  faults: ({ faults }) => {
    const begun = faults.filter(({ fault, begun: times }) => fault !== NO_FAULT && times > 0);
    return {
      ...{ label: 'Faults', value: begun.length, unit: 'count' },
      detail: begun.map(({ fault }) => fault).join(', ') || 'none was injected',
    };
  },
  longest_recovery: ({ resilience }) => {
    const last = slowestRecovery(resilience);
    const { seconds = null, low = null, high = null, looked = 0 } = last?.recovery ?? {};
    const told = (at: number | null): string => quantity(1_000 * (at ?? 0), 'time');
    const range =
      seconds === null
        ? `not back within ${told(looked)}`
        : `95 %: ${told(low)} to ${high === null ? `more than ${told(looked)}` : told(high)}`;
    return (
      last && {
        ...{ label: 'Longest recovery', unit: 'time', detail: `after ${last.name}; ${range}` },
        value: seconds === null ? null : 1_000 * seconds,
        bad: resilience!.verdict.faults.some(({ cases }) =>
          cases.some(({ measure, outcome }) => measure === 'recovery' && outcome === 'failed'),
        ),
      }
    );
  },
  lost_in_faults: (facts) => lost('Flows lost to faults', [phaseOf(facts, 'fault'), phaseOf(facts, 'recovery')]),
  lost_outside: (facts) => {
    const row = phaseOf(facts, 'steady');
    return (
      row && {
        ...lost('Lost outside of faults', [row]),
        judges: (selector: string) => onMetric('outcome_mismatch')(selector) && inPhase('steady')(selector),
        bad: row.notAsPrescribed > 0,
      }
    );
  },
  p95_outside: (facts) => phaseP95('Request p95 outside', phaseOf(facts, 'steady'), 'steady'),
  thresholds_held: ({ thresholds }) => {
    const judged = thresholds.filter(({ value, ok }) => value !== null || !ok);
    const held = judged.filter(({ ok }) => ok).length;
    const silent = thresholds.length - judged.length;
    return {
      ...{ label: 'Thresholds held', value: thresholds.length === 0 ? null : held, unit: 'count' },
      detail:
        thresholds.length === 0
          ? 'the script has none'
          : `of ${judged.length}${silent === 0 ? '' : `; ${silent} had no sample`}`,
      bad: held < judged.length,
    };
  },
  iterations: ({ throughput }) => {
    if (throughput === null) return null;
    const { started, ended, dropped: not } = throughput.totals;
    return {
      ...{ label: `Iterations ${started === null ? 'completed' : 'started'}`, value: started ?? ended, unit: 'count' },
      ...{
        detail: not > 0 ? `${whole(not)} more were dropped` : `${whole(ended)} completed`,
        judges: onMetric('iterations', 'dropped_iterations'),
        bad: not > 0,
      },
    };
  },
  checks_failed: ({ checks }) => {
    const passed = checks.reduce((sum, { passes }) => sum + passes, 0);
    const failed = checks.reduce((sum, { fails }) => sum + fails, 0);
    return checks.length === 0
      ? null
      : {
          ...{ label: 'Checks failed', value: failed, unit: 'count', detail: `of ${whole(passed + failed)}` },
          ...{ judges: onMetric('checks'), bad: failed > 0 },
        };
  },
} as const satisfies Readonly<Record<string, (facts: AnswerFacts) => Measured | null | undefined>>;

type FigureName = keyof typeof FIGURES;

/** The figures that answer the question of a kind of run: at most five, the first the most important. */
const OF_KIND: Readonly<Record<RunKind, readonly FigureName[]>> = {
  smoke: ['unexpected_outcomes', 'kinds_played', 'unexpected_pairing_errors', 'failed_requests'],
  load: ['flows_per_hour', 'pairings_per_hour', 'unexpected_outcomes', 'pairing_path_p95', 'polling_path_p95'],
  capacity: ['rate_held', 'held_flows_per_hour', 'held_pairings_per_hour', 'held_p95', 'rate_broke'],
  soak: ['series_drifting', 'flows_per_hour', 'unexpected_outcomes', 'pairing_path_p95', 'polling_path_p95'],
  spike: ['p95_before', 'p95_in_spike', 'p95_after', 'failed_requests', 'unexpected_outcomes'],
  resilience: ['longest_recovery', 'faults', 'lost_in_faults', 'lost_outside', 'p95_outside'],
  flows: ['unexpected_outcomes', 'flows_per_hour', 'unexpected_pairing_errors', 'failed_requests', 'request_p95'],
  script: ['thresholds_held', 'iterations', 'failed_requests', 'request_p95', 'checks_failed'],
};

/**
 * The figures of the first screen. One calls for attention if one of its thresholds failed or, if it has none, if it
 * should be zero and is not; none does in a run that says nothing about the target.
 */
export function highlights(facts: AnswerFacts): readonly Highlight[] {
  return OF_KIND[facts.kind].flatMap((name) => {
    const measured: Measured | null | undefined = FIGURES[name](facts);
    if (measured === null || measured === undefined) return [];
    const { judges, bad = false, ...figure } = measured;
    const judged = judges === undefined ? [] : facts.thresholds.filter(({ metric }) => judges(metric));
    return [{ name, ...figure, attention: facts.valid && (judged.length > 0 ? judged.some(({ ok }) => !ok) : bad) }];
  });
}

function dropped(count: number): string {
  return count === 0 ? '' : `; ${counted(count, 'start')} dropped`;
}

/** What was only offered must not read as proven. */
function hourly(what: string, proven: boolean): string {
  return `${what} an hour${proven ? '' : ', offered'}`;
}

function perHour(perSecond: number, share: number | null, proven = true): Measured {
  return {
    ...{
      label: hourly('Pairings', proven),
      value: share === null ? null : rough(perSecond * share * HOUR),
      unit: 'count',
    },
    detail: share === null ? 'no flow ended' : `${quantity(share, 'share')} of flows pair a device`,
  };
}

/** The p95 of a path that is closest to its limit, or furthest beyond it; undefined if none has a limit. */
function closest(
  label: string,
  rows: readonly ThresholdRow[],
  on: (selector: string) => boolean,
): Measured | undefined {
  const [row] = rows
    .filter(({ metric, expression, margin }) => on(metric) && expression.startsWith('p(95)') && margin !== null)
    .sort((a, b) => a.margin! - b.margin!);
  if (row === undefined) return undefined;
  const what = stepOf(row.metric) ?? row.metric.replace(/\{.*$/s, '').replaceAll('_', ' ');
  return {
    ...{ label, value: row.value, unit: row.unit, detail: `${what}; limit ${roundQuantity(row.limit, row.unit)}` },
    judges: (selector) => on(selector),
  };
}

function phaseP95(label: string, row: PhaseRow | undefined, phase: string): Measured | undefined {
  return (
    row && {
      ...{ label, value: row.duration.count === 0 ? null : row.duration.p95, unit: 'ms' },
      detail: `${row.failed === 0 ? 'no' : whole(row.failed)} request failed of ${whole(row.requests)}`.replace(
        /^(\d.*) request failed/,
        '$1 failed',
      ),
      judges: (selector) => onLatency()(selector) && inPhase(phase)(selector),
    }
  );
}

function lost(label: string, rows: readonly (PhaseRow | undefined)[]): Measured {
  const sum = (of: (row: PhaseRow) => number): number =>
    rows.reduce((all, row) => all + (row === undefined ? 0 : of(row)), 0);
  const judged = sum(({ judged: count }) => count);
  return {
    ...{ label, value: judged === 0 ? null : sum(({ notAsPrescribed }) => notAsPrescribed), unit: 'count' },
    detail: judged === 0 ? NOTHING : `of ${counted(judged, 'flow')} that ended then`,
  };
}
