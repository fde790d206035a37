import { quantity } from '../quantity.ts';
import type {
  FlowsView,
  Highlight,
  LatencyView,
  PairingView,
  PollingView,
  ThresholdRow,
  Throughput,
} from './report-model.ts';
import type { TrendSummary } from './trend-summary.ts';

/** Input of highlights. */
interface Highlighted {
  readonly thresholds: readonly ThresholdRow[];
  readonly flows: FlowsView | null;
  readonly pairing: PairingView | null;
  readonly polling: PollingView | null;
  readonly throughput: Throughput | null;
  readonly latency: LatencyView | null;
  readonly failedRequests: { readonly samples: number; readonly passes: number };
  readonly durationMs: number;
}

/** A figure with the metrics whose thresholds judge it, and whether it is bad if none does. */
interface Measured extends Omit<Highlight, 'attention'> {
  readonly judgedBy: readonly string[];
  readonly bad: boolean;
}

/**
 * The figures of the first screen: volume, results, speed. No means, which hide what users experience. A figure calls
 * for attention if one of its thresholds failed or, if it has none, if it should be zero and is not.
 */
export function highlights(all: Highlighted): readonly Highlight[] {
  const measured = [...volume(all), ...endings(all), ...pairings(all), ...polls(all), ...latencies(all)];
  return measured.map(({ judgedBy, bad, ...figure }) => {
    const judges = all.thresholds.filter(({ metric }) => judgedBy.includes(metric.replace(/\{.*$/s, '')));
    return { ...figure, attention: judges.length > 0 ? judges.some(({ ok }) => !ok) : bad };
  });
}

function volume({ flows, throughput, durationMs }: Highlighted): Measured[] {
  if (throughput === null && flows === null) return [];
  const started = flows?.started ?? throughput?.totals.started ?? null;
  const value = started ?? throughput?.totals.ended ?? 0;
  const dropped = throughput?.totals.dropped ?? 0;
  const rate = durationMs > 0 ? (value * 1_000) / durationMs : 0;
  const detail =
    dropped > 0
      ? `${quantity(dropped, 'count')} more were dropped`
      : `${rate.toFixed(1)} per second over the whole run`;
  const label = flows !== null ? 'Flows started' : started === null ? 'Iterations completed' : 'Iterations started';
  return [{ label, value, unit: 'count', detail, judgedBy: ['flows', 'dropped_iterations'], bad: dropped > 0 }];
}

function endings({ flows, failedRequests }: Highlighted): Measured[] {
  if (flows === null) {
    const { samples, passes } = failedRequests;
    const detail = `of ${quantity(samples, 'count')} requests`;
    return [
      { label: 'Requests failed', ...share(samples, passes), detail, judgedBy: ['http_req_failed'], bad: passes > 0 },
    ];
  }
  const { judged, notAsPrescribed } = flows;
  const detail = `of ${quantity(judged, 'count')} flows that ended`;
  const judgedBy = ['outcome_mismatch'];
  return [{ label: 'Unexpected', ...share(judged, notAsPrescribed), detail, judgedBy, bad: notAsPrescribed > 0 }];
}

function pairings({ pairing }: Highlighted): Measured[] {
  if (pairing === null) return [];
  const { judged, errors } = pairing.total;
  const detail = `of ${quantity(judged, 'count')} pairings, expected ones included`;
  // Some users are expected to meet pairing errors, so the rate alone is no cause for alarm.
  return [{ label: 'Pairing errors', ...share(judged, errors), detail, judgedBy: ['pairing_error_rate'], bad: false }];
}

function polls({ polling }: Highlighted): Measured[] {
  if (polling === null) return [];
  const { judged, errors } = polling;
  const detail = `of ${quantity(judged, 'count')} polls`;
  return [{ label: 'Poll errors', ...share(judged, errors), detail, judgedBy: ['poll_error_rate'], bad: errors > 0 }];
}

function latencies({ latency, pairing, polling }: Highlighted): Measured[] {
  const requests = ['http_req_duration', 'step_duration'];
  return [
    ...(latency === null ? [] : [p95('Request', latency.total, latency.of, requests)]),
    ...(pairing === null || pairing.total.duration.count === 0
      ? []
      : [p95('Pairing', pairing.total.duration, 'server time from authenticate to token', ['pairing_duration'])]),
    ...(polling === null || polling.decisionLag.count === 0
      ? []
      : [p95('Decision lag', polling.decisionLag, 'from the decision until the app learns of it', ['decision_lag'])]),
  ];
}

function share(samples: number, passes: number): Pick<Highlight, 'value' | 'unit'> {
  return { value: samples === 0 ? null : passes / samples, unit: 'share' };
}

function p95(what: string, { p95: value }: TrendSummary, detail: string, judgedBy: readonly string[]): Measured {
  return { label: `${what} p95`, value, unit: 'ms', detail, judgedBy, bad: false };
}
