import { FAULTY_OUTCOMES } from '../catalogue/faulty-outcomes.ts';
import type { Dashboard } from './dashboard.ts';
import { perSecond, planned, sumOf, worst, worstShare } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph } from './panels.ts';
import { verdict } from './verdict.ts';

/** The first dashboard that one opens: is the run sound, where does it hurt. */
export const overview = (): Dashboard => ({
  uid: 'pairstorm-overview',
  title: 'Pairstorm: overview',
  description:
    'One run: its verdict, what became of its flows, and whether the plan was kept. From pairstorm run --out prometheus or prometheus-rw, or from k6 remote write; docs/dashboards.md says what needs what. Percentiles and shares are those since the start of the run.',
  from: 'now-30m',
  rows: {
    Verdict: verdict(),
    'Flows by outcome': [
      graph(
        {
          title: 'Flows by outcome',
          description: 'Flows that ended, by what the virtual user observed.',
          unit: UNITS.perSecond,
          perRow: 1,
        },
        [{ expr: perSecond('flow_outcomes', ['outcome']), legend: '{{outcome}}' }],
      ),
      graph(
        {
          title: 'Faults by outcome',
          description: 'Flows that nobody wanted to end so, by kind.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [
          {
            expr: perSecond('flow_outcomes', ['kind', 'outcome'], { outcome: FAULTY_OUTCOMES }),
            legend: '{{kind}} {{outcome}}',
          },
        ],
      ),
      graph(
        {
          title: 'Outcome mismatch by kind',
          description:
            'Share of ended flows whose outcome or path was not the prescribed one, since the start of the run.',
          unit: UNITS.share,
          perRow: 2,
        },
        [{ expr: worstShare('outcome_mismatch', ['kind']), legend: '{{kind}}' }],
      ),
      graph(
        {
          title: 'Flows off the path of their kind',
          description:
            'By the state that came though it must not (unexpected), or never came though it must (missing): the accounts are not what the inventory says.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [{ expr: perSecond('off_path', ['kind', 'status', 'path']), legend: '{{kind}} {{path}} {{status}}' }],
      ),
      graph(
        {
          title: 'What was asked of users who expect nothing',
          description: 'Users of a CSV file without a kind, and those who are played again without a reset.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [{ expr: perSecond('paths_found', ['found']), legend: '{{found}}' }],
      ),
    ],
    'Arrival against schedule': [
      graph(
        {
          title: 'Planned, started, ended, dropped',
          description:
            'Started below planned: the load was not made. Started above ended for long: flows pile up. Planned is not there under k6.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [
          { expr: planned(), legend: 'planned' },
          { expr: perSecond('flows'), legend: 'started' },
          { expr: perSecond('flow_outcomes'), legend: 'ended' },
          { expr: perSecond('dropped_iterations'), legend: 'dropped' },
        ],
      ),
      graph(
        {
          title: 'Virtual users',
          description: 'In use and ready. In use that grows at a constant arrival rate: flows take longer and longer.',
          unit: UNITS.count,
          perRow: 2,
        },
        [
          { expr: sumOf('vus'), legend: 'in use' },
          { expr: sumOf('vus_max'), legend: 'ready' },
        ],
      ),
    ],
    'Requests and errors': [
      graph(
        {
          title: 'Flow duration, p99',
          description: 'Server time of a flow: the sum of its PingFederate requests, by kind.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('flow_duration', 'p99', ['kind']), legend: '{{kind}}' }],
      ),
      graph(
        {
          title: 'Failed requests by code',
          description: 'Error codes of k6: 1000 + HTTP status from 1400 on; below that no answer came.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [
          {
            expr: perSecond('http_reqs', ['name', 'error_code'], { error_code: ['.+'] }),
            legend: '{{name}} {{error_code}}',
          },
        ],
      ),
      graph(
        {
          title: 'Unexpected states',
          description: 'States that the inventory did not lead one to expect, or that nobody drives.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: perSecond('unexpected_state', ['status']), legend: '{{status}}' }],
      ),
      graph(
        {
          title: 'Repeated attempts',
          description: 'Attempts of an action after the first one.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: perSecond('attempts', ['step']), legend: '{{step}}' }],
      ),
      graph(
        {
          title: 'Retry amplification',
          description: 'Requests of a flow for each that it would have made without retries; 1 is none.',
          unit: UNITS.ratio,
          perRow: 3,
        },
        [{ expr: worst('retry_amplification', 'p95'), legend: 'p95' }],
      ),
    ],
  },
});
