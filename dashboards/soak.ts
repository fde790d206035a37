import { FAULTY_OUTCOMES } from '../catalogue/faulty-outcomes.ts';
import type { Dashboard } from './dashboard.ts';
import {
  perSample,
  perSampleAtFirst,
  perSecond,
  shareOf,
  slopeOf,
  soFar,
  sumExpression,
  total,
  totalOrZero,
  worst,
} from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph, latest, note, singleNumber } from './panels.ts';
import type { LabelOf, MetricOfType } from '../catalogue/metric-models.ts';
import { LATENCIES, POLLS } from './selector.ts';
import type { Where } from './selector.ts';
import { lengthVariable, numberVariable } from './variables.ts';

/** Variables of this dashboard: the window, and the share of flows that may end in a fault. */
const WINDOW = '$window';
const BUDGET = '$budget';

/** The last window's mean over the first window's: 1 means no change. */
function drift<N extends MetricOfType<'trend'>>(
  metric: N,
  split: readonly LabelOf<N>[] = [],
  where?: Where<N>,
): string {
  return `(${perSample(metric, split, WINDOW, where)}) / (${perSampleAtFirst(metric, split, WINDOW, where)})`;
}

/** Whether a target that held at first still holds after hours. */
export const soak = (): Dashboard => ({
  uid: 'pairstorm-soak',
  title: 'Pairstorm: soak',
  description:
    'Drift over hours: each figure of the last window (an hour by default) compared with that of the first. The time range must start with the run.',
  from: 'now-12h',
  variables: [
    lengthVariable('window', 'Window', ['1h', '5m', '15m', '30m', '2h', '4h']),
    numberVariable('budget', 'Error budget (share of flows)', '0.01'),
  ],
  rows: {
    'How to read it': [
      note(
        'Time per request, window by window',
        'Prerequisites of this dashboard.',
        'Percentiles in remote write are since the start of a run: after hours they hardly move. What does move is the **time per request of a window**, from the sum and the count of each step. Both must be sent: `K6_PROMETHEUS_RW_TREND_STATS="p(95),p(99),max,count,sum"`. Percentiles hour by hour are in the run record: `pairstorm report`. The time range must start with the run: **1** in a drift panel is the level of the first window.',
        3,
      ),
    ],
    'Error budget': [
      singleNumber(
        { title: 'Flows', description: 'Flows that ended.', unit: UNITS.count, perRow: 6 },
        total('flow_outcomes'),
      ),
      singleNumber(
        {
          title: 'Faults',
          description: 'Flows in an outcome that is always a fault.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('flow_outcomes', { outcome: FAULTY_OUTCOMES }),
      ),
      singleNumber(
        {
          title: 'Budget used',
          description: 'Faults so far as a share of what the budget allows for the flows so far. At 1 it is used up.',
          unit: UNITS.share,
          perRow: 6,
        },
        `${totalOrZero('flow_outcomes', { outcome: FAULTY_OUTCOMES })} / (${BUDGET} * ${total('flow_outcomes')})`,
        1,
      ),
      singleNumber(
        {
          title: 'Burn rate',
          description:
            'Faults of the last window over what the budget allows per window. Above 1 the budget will not last.',
          unit: UNITS.ratio,
          perRow: 6,
        },
        `(${shareOf('flow_outcomes', { outcome: FAULTY_OUTCOMES }, {}, [], WINDOW)}) / ${BUDGET}`,
        1,
      ),
      latest(
        {
          title: 'Decision lag, drift',
          description: 'Last window over first window: 1 means no change.',
          unit: UNITS.ratio,
          perRow: 6,
        },
        drift('decision_lag'),
        1.5,
      ),
      latest(
        {
          title: 'Flow duration, drift',
          description: 'Server time of a flow, last window over first window: 1 means no change.',
          unit: UNITS.ratio,
          perRow: 6,
        },
        drift('flow_duration'),
        1.5,
      ),
    ],
    Drift: [
      graph(
        {
          title: 'Drift of each step',
          description:
            'Time per request over the preceding window, relative to the first window. A line that climbs: a leak, a cache that fills, a table that grows.',
          unit: UNITS.ratio,
          perRow: 2,
        },
        [{ expr: drift('http_req_duration', ['name'], LATENCIES), legend: '{{name}}' }],
      ),
      graph(
        {
          title: 'Time per request, by step',
          description: 'Over the preceding window.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: perSample('http_req_duration', ['name'], WINDOW, LATENCIES), legend: '{{name}}' }],
      ),
      graph(
        {
          title: 'Decision lag and polls',
          description: 'Time per decision and per poll, over the preceding window.',
          unit: UNITS.time,
          perRow: 2,
        },
        [
          { expr: perSample('decision_lag', [], WINDOW), legend: 'decision lag' },
          { expr: perSample('http_req_duration', [], WINDOW, POLLS), legend: 'poll' },
        ],
      ),
      graph(
        {
          title: 'p95 since the start, by step',
          description: 'Over the whole run so far. After hours it moves slowly: what shows here has lasted long.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('http_req_duration', 'p95', ['name'], LATENCIES), legend: '{{name}}' }],
      ),
    ],
    'Rates, window by window': [
      graph(
        {
          title: 'Flows by outcome',
          description: 'Per second, over the preceding window.',
          unit: UNITS.flowsPerSecond,
          perRow: 3,
        },
        [{ expr: perSecond('flow_outcomes', ['outcome'], {}, WINDOW), legend: '{{outcome}}' }],
      ),
      graph(
        {
          title: 'Failed requests by step',
          description: 'Share of the requests of a step, over the preceding window.',
          unit: UNITS.share,
          perRow: 3,
        },
        [
          {
            expr: shareOf('http_reqs', { expected_response: ['false'] }, { peer: ['pf'] }, ['name'], WINDOW),
            legend: '{{name}}',
          },
        ],
      ),
      graph(
        {
          title: 'Open flows',
          description: 'Started and not ended yet. Should be flat at a constant rate; interrupted flows stay in it.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: `${soFar('flows')} - ${soFar('flow_outcomes')}`, legend: 'open' }],
      ),
    ],
    'Load generator': [
      graph(
        {
          title: 'Memory',
          description: 'Resident memory. Should be flat. Not under k6.',
          unit: UNITS.bytes,
          perRow: 3,
        },
        [{ expr: sumExpression('generator_memory_bytes', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Growth of memory',
          description: 'Least squares over the preceding window. Around 0: no leak.',
          unit: UNITS.bytesPerSecond,
          perRow: 3,
        },
        [{ expr: slopeOf('generator_memory_bytes', ['instance'], WINDOW), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Event-loop delay, p99',
          description: 'Since the start of the run. At 0.5 s or more the run is invalid.',
          unit: UNITS.time,
          perRow: 3,
        },
        [{ expr: worst('generator_event_loop_delay', 'p99', ['instance']), legend: '{{instance}}' }],
      ),
    ],
  },
});
