import { quantity } from '../quantity.ts';
import type { FlowsView, Highlight, LatencyView, PairingView, PollingView, Throughput } from './report-model.ts';
import type { TrendSummary } from './time-model.ts';

/** What the first screen is made of. */
interface Sections {
  readonly flows: FlowsView | null;
  readonly pairing: PairingView | null;
  readonly polling: PollingView | null;
  readonly throughput: Throughput | null;
  readonly latency: LatencyView | null;
  readonly failedRequests: { readonly samples: number; readonly passes: number };
  readonly durationMs: number;
}

/** The figures of the first screen: how much, how well it ended, how fast. No mean: it hides what users meet. */
export function highlights(sections: Sections): readonly Highlight[] {
  return [...volume(sections), ...endings(sections), ...pairings(sections), ...polls(sections), ...latencies(sections)];
}

function volume({ flows, throughput, durationMs }: Sections): Highlight[] {
  if (throughput === null && flows === null) return [];
  const started = flows?.started ?? throughput?.totals.started ?? 0;
  const dropped = throughput?.totals.dropped ?? 0;
  const rate = durationMs > 0 ? (started * 1_000) / durationMs : 0;
  const what = flows === null ? 'Iterations' : 'Flows started';
  const detail =
    dropped > 0
      ? `${quantity(dropped, 'count')} more planned and dropped`
      : `${rate.toFixed(1)} per second over the whole run`;
  return [{ label: what, value: started, unit: 'count', detail, attention: dropped > 0 }];
}

function endings({ flows, failedRequests }: Sections): Highlight[] {
  if (flows === null) {
    const { samples, passes } = failedRequests;
    return [share('Requests failed', samples, passes, `of ${quantity(samples, 'count')} requests`, passes > 0)];
  }
  const { judged, notAsPrescribed } = flows;
  return [
    share(
      'Not as prescribed',
      judged,
      notAsPrescribed,
      `of ${quantity(judged, 'count')} flows that ended`,
      notAsPrescribed > 0,
    ),
  ];
}

function pairings({ pairing }: Sections): Highlight[] {
  if (pairing === null) return [];
  const { judged, errors } = pairing.total;
  // Some users are prescribed to meet one, so an error of pairing alone is nothing to be alarmed at.
  return [
    share(
      'Pairing errors',
      judged,
      errors,
      `of ${quantity(judged, 'count')} pairings, prescribed ones included`,
      false,
    ),
  ];
}

function polls({ polling }: Sections): Highlight[] {
  if (polling === null) return [];
  const { judged, errors } = polling;
  return [share('Poll errors', judged, errors, `of ${quantity(judged, 'count')} polls`, errors > 0)];
}

function latencies({ latency, pairing, polling }: Sections): Highlight[] {
  return [
    ...(latency === null ? [] : [percentile('Request p95', latency.total, latency.of)]),
    ...(pairing === null || pairing.total.duration.count === 0
      ? []
      : [percentile('Pairing p95', pairing.total.duration, 'machine time from authenticate to token')]),
    ...(polling === null || polling.decisionLag.count === 0
      ? []
      : [percentile('Decision lag p95', polling.decisionLag, 'from the decision to the app’s knowing of it')]),
  ];
}

function share(label: string, samples: number, passes: number, detail: string, attention: boolean): Highlight {
  return { label, value: samples === 0 ? null : passes / samples, unit: 'share', detail, attention };
}

function percentile(label: string, { p95 }: TrendSummary, detail: string): Highlight {
  return { label, value: p95, unit: 'ms', detail, attention: false };
}
