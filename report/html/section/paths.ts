import { limitsOn, onLatency, onMetric } from '../../model/limits.ts';
import type { PairingView, PollingView, ReportModel } from '../../model/report-model.ts';
import type { OverTime, TrendSummary } from '../../model/trend-summary.ts';
import { NOTHING, quantity } from '../../quantity.ts';
import { lineChart } from '../chart/line-chart.ts';
import type { ChartLine } from '../chart/line-chart.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { table } from '../table.ts';
import { outcomeList } from './outcomes.ts';
import { LATENCY_HEADS, latencyCells, stepTable } from './steps.ts';

/** p50, p95 and p99 as lines of a chart. */
export function percentileLines({ p50, p95, p99 }: OverTime): readonly ChartLine[] {
  return [
    { name: 'p50', style: 'p50', values: p50 },
    { name: 'p95', style: 'p95', values: p95 },
    { name: 'p99', style: 'p99', values: p99 },
  ];
}

/** What charts over time need besides their lines. */
export type OfTheRun = Pick<ReportModel, 'time' | 'bands' | 'thresholds'>;

/** The pairing path: errors and durations, by platform, by step and over time. */
export function pairingSection(pairing: PairingView, { time, bands, thresholds }: OfTheRun): Markup {
  const { total, platforms, outcomes, steps, durationOverTime, errorShareOverTime } = pairing;
  const rows = platforms.length > 1 ? [...platforms, total] : platforms;
  return markup`<p class="lead">
      A pairing error is a success on the wire; it is read from the token. The inventory expects some of its users to meet one: such errors are counted here, too, but are not failures. Duration is PingFederate’s request time from <code>authenticate</code> to the token, without think time.
    </p>
    ${table({
      caption: 'Pairings by platform of the phone',
      columns: [
        { head: 'Platform' },
        { head: 'Pairings judged', number: true },
        { head: 'Pairing errors', number: true },
        { head: 'Share, expected ones included', number: true },
        ...LATENCY_HEADS,
      ],
      rows: rows.map(({ platform, judged, errors, duration }) => [
        platform,
        quantity(judged, 'count'),
        quantity(errors, 'count'),
        judged === 0 ? NOTHING : quantity(errors / judged, 'share'),
        ...latencyCells(duration),
      ]),
    })}
    <p>${outcomeList(outcomes)}</p>
    ${
      time !== null &&
      markup`<div class="charts">
        ${lineChart({ id: 'pairing-time', title: 'Pairing duration', unit: 'ms', time, lines: percentileLines(durationOverTime), bands, limits: limitsOn(thresholds, onMetric('pairing_duration')) })}
        ${lineChart({ id: 'pairing-errors', title: 'Pairing errors, expected ones included', unit: 'share', time, lines: [{ name: 'share of pairings', style: 'p95', values: errorShareOverTime }], bands, limits: limitsOn(thresholds, onMetric('pairing_error_rate')) })}
      </div>`
    }
    ${stepTable('Steps of the pairing path', steps)}`;
}

/** The polling path: polls, their errors and latency, and decision lag. */
export function pollingSection(polling: PollingView, run: OfTheRun): Markup {
  const { polls, judged, errors, latePolls, duration, decisionLag, pollsPerFlow, steps } = polling;
  return markup`<p class="lead">
      Decision lag is what a user waits after deciding on the phone: from the phone’s answer to the end of the first response that shows the new state. Late polls were answered after the state had changed; they are not errors.
    </p>
    ${table({
      caption: 'Waiting for a decision',
      columns: [{ head: 'Measure' }, { head: 'Samples', number: true }, ...LATENCY_HEADS],
      rows: [
        ['Poll duration', quantity(polls, 'count'), ...latencyCells(duration)],
        ['Decision lag', quantity(decisionLag.count, 'count'), ...latencyCells(decisionLag)],
        ['Polls per wait', quantity(pollsPerFlow.count, 'count'), ...countCells(pollsPerFlow)],
      ],
    })}
    <p>
      Poll errors: <b>${quantity(errors, 'count')}</b> of ${quantity(judged, 'count')} polls
      (${quantity(judged === 0 ? null : errors / judged, 'share')}). Late polls: <b>${quantity(latePolls, 'count')}</b>.
    </p>
    ${pollCharts(polling, run)}
    ${stepTable('Steps of the polling path', steps)}`;
}

function pollCharts(polling: PollingView, { time, bands, thresholds }: OfTheRun): Content {
  if (time === null) return false;
  const { durationOverTime, decisionLagOverTime, errorShareOverTime } = polling;
  const rate = durationOverTime.count.map((count) => (count * 1_000) / time.widthMs);
  const limits = (on: (selector: string) => boolean): ReturnType<typeof limitsOn> => limitsOn(thresholds, on);
  const errors = { name: 'poll error rate', style: 'bad' as const, values: errorShareOverTime };
  const polls = { name: 'polls', style: 'p95' as const, values: rate };
  const charts = [
    ...[
      ['poll-time', 'Poll duration', percentileLines(durationOverTime), limits(onLatency('poll'))] as const,
      ['decision-lag', 'Decision lag', percentileLines(decisionLagOverTime), limits(onMetric('decision_lag'))] as const,
    ].map(([id, title, lines, of]) => lineChart({ id, title, unit: 'ms', time, lines, bands, limits: of })),
    lineChart({
      ...{ id: 'poll-errors', title: 'Poll error rate', unit: 'share' as const, time, lines: [errors], bands },
      limits: limits(onMetric('poll_error_rate')),
    }),
    lineChart({ id: 'poll-rate', title: 'Polls per second', unit: 'perSecond', time, lines: [polls], bands }),
  ];
  return markup`<div class="charts">${charts}</div>`;
}

function countCells({ count, p50, p95, p99, max }: TrendSummary): readonly string[] {
  return [p50, p95, p99, max].map((value) => (count === 0 ? NOTHING : quantity(Math.round(value * 10) / 10, 'plain')));
}
