import type { LevelEnding } from '../../../contract/held-rate.ts';
import { scaleLinear } from 'd3-scale';
import type { RunKind, Staircase } from '../../model/answer-model.ts';
import { limitsOn, onLatency } from '../../model/limits.ts';
import type { FlowKindRow, FlowsView, ReportModel } from '../../model/report-model.ts';
import { quantity, roundQuantity } from '../../quantity.ts';
import { HEIGHT } from '../chart/frame.ts';
import { dotKey } from '../chart/legend.ts';
import { limitLegend, lineChart } from '../chart/line-chart.ts';
import { pointChart } from '../chart/point-chart.ts';
import { markup } from '../markup.ts';
import type { Content, Markup } from '../markup.ts';
import { latencyChart } from './load.ts';

const latency = (model: ReportModel): Content => model.latency && latencyChart(model.latency, model, 'first');

/** The chart that shows the answer of a kind of run. */
const CHARTS: Readonly<Record<RunKind, (model: ReportModel) => Content>> = {
  smoke: ({ flows }) => flows && kindBars(flows),
  load: latency,
  soak: latency,
  spike: latency,
  resilience: (model) => unexpectedChart(model) ?? latency(model),
  capacity: (model) => (model.staircase === null ? latency(model) : stairChart(model.staircase, model)),
  flows: latency,
  script: latency,
};

/** The chart of the first screen; empty where there is nothing to draw. */
export function firstChart(model: ReportModel): Content {
  return CHARTS[model.answer.kind](model);
}

/** Failed requests and unexpected outcomes over time, with the faults; null where nothing failed. */
function unexpectedChart({ time, bands, failuresOverTime }: ReportModel): Markup | null {
  if (time === null || failuresOverTime === null) return null;
  return lineChart({
    ...{ id: 'first', title: 'What failed, as a share', unit: 'share' as const, time, bands, wide: true },
    lines: [
      { name: 'requests without a usable answer', style: 'bad', values: failuresOverTime.requests },
      { name: 'flows that did not end as expected', style: 'p99', values: failuresOverTime.flows },
    ],
  });
}

/** How flows of each kind ended: a bar per kind. */
function kindBars({ kinds, judged }: FlowsView): Markup {
  const most = kinds.reduce((largest, { started }) => Math.max(largest, started), 1);
  const widest = kinds.reduce((longest, row) => Math.max(longest, endedWords(row).length), 0);
  return markup`<figure class="wide">
    <figcaption>
      How flows of each kind ended
      <div class="legend" aria-hidden="true">
        <span><i class="good"></i>as expected</span><span><i class="wrong"></i>not as expected</span><span><i class="cut"></i>cut off${judged === 0 && ' or not judged'}</span>
      </div>
    </figcaption>
    <ul class="kinds" style="--w:${widest + 1}ch">
      ${kinds.map((row) => kindBar(row, most))}
    </ul>
  </figure>`;
}

/** `✓ 4`, `✗ 14 of 16`. */
function endedWords({ ended, judged, notAsPrescribed }: FlowKindRow): string {
  const count = (value: number): string => quantity(value, 'count');
  if (notAsPrescribed > 0) return `✗ ${count(notAsPrescribed)} of ${count(ended)}`;
  return `${judged > 0 ? '✓ ' : ''}${count(ended)}`;
}

function kindBar(row: FlowKindRow, most: number): Markup {
  const { kind, title, started, judged, notAsPrescribed } = row;
  const parts = [
    ['good', judged - notAsPrescribed],
    ['wrong', notAsPrescribed],
    ['cut', started - judged],
  ] as const;
  return markup`<li>
    <span class="what"><b>${kind}</b> ${title}</span>
    <span class="parts" aria-hidden="true">${parts.map(([tone, count]) => count > 0 && markup`<i class="${tone}" style="width:${Math.round((1_000 * count) / most) / 10}%"></i>`)}</span>
    <span class="${notAsPrescribed > 0 ? 'not' : 'ok'}">${endedWords(row)}<span class="hear"> flows ${notAsPrescribed > 0 ? 'did not end' : 'ended'} as expected</span></span>
  </li>`;
}

const COLOURS: Readonly<Record<LevelEnding, string>> = { held: 'ok', broke: 'bad', 'not finished': 'plan' };

/** p95 of each level by its rate, and the limit: where the line crosses it is the knee. */
function stairChart({ levels }: Staircase, { thresholds }: ReportModel): Content {
  const shown = levels.filter(({ p95Ms }) => p95Ms !== null);
  if (shown.length === 0) return null;
  const limits = limitsOn(thresholds, onLatency());
  const highest = Math.max(...shown.map(({ p95Ms }) => p95Ms!));
  const near = limits.filter(({ value }) => value <= 4 * highest);
  const down = scaleLinear([0, Math.max(highest, ...near.map(({ value }) => 1.05 * value))], [HEIGHT, 0]).nice(4);
  const along = scaleLinear([0, 1.08 * Math.max(...levels.map(({ rate }) => rate))], [0, 1]);
  const place = (value: number): number => 1 - down(value) / HEIGHT;
  return pointChart({
    id: 'first',
    title: 'Request p95 by rate',
    description: shown
      .map(({ rate, p95Ms, ending }) => `At ${rate} flows/s p95 was ${quantity(p95Ms, 'ms')}: ${ending}.`)
      .join(' '),
    legend: [
      ...[dotKey(COLOURS.held, 'held'), dotKey(COLOURS.broke, 'did not hold')],
      levels.some(({ ending }) => ending === 'not finished') &&
        dotKey(COLOURS['not finished'], 'not played to its end'),
      ...limits.map((limit) => limitLegend(limit, 'ms', !near.includes(limit))),
    ],
    xTicks: along.ticks(6).map((rate) => ({ at: along(rate), label: roundQuantity(rate, 'plain') })),
    xName: 'flow starts a second',
    yTicks: down.ticks(4).map((value) => ({ at: place(value), label: roundQuantity(value, 'ms') })),
    limits: near.map(({ value }) => ({ at: place(value) })),
    shape: 'wide',
    band: null,
    lines: [{ points: shown.map(({ rate, p95Ms }) => [along(rate), place(p95Ms!)] as const), colour: 'p50' }],
    points: shown.map(({ rate, p95Ms, ending }) => ({
      ...{ x: along(rate), y: place(p95Ms!), low: place(p95Ms!), high: place(p95Ms!), colour: COLOURS[ending] },
      text: `${rate} flows/s: p95 ${quantity(p95Ms, 'ms')}, ${ending === 'not finished' ? 'not played to its end' : ending}`,
    })),
  });
}
