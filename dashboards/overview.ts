import { FAULTY_OUTCOMES } from '../catalogue/faulty-outcomes.ts';
import type { Dashboard } from './dashboard.ts';
import { perSecond, planned, sumExpression, worst, worstShare } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph } from './panels.ts';
import { verdict } from './verdict.ts';

/** The dashboard to open first: is the run sound, and what is wrong. */
export const overview = (): Dashboard => ({
  uid: 'pairstorm-overview',
  title: 'Pairstorm: overview',
  description:
    'One run: its verdict, the outcomes of its flows, and whether it kept to the plan. Fed by pairstorm run --out prometheus or prometheus-rw, or by k6 remote write; see docs/dashboards.md for what needs which. Percentiles and shares are since the start of the run.',
  from: 'now-30m',
  rows: {
    Verdict: verdict(),
    'Flows by outcome': [
      graph(
        {
          title: 'Flows by outcome',
          description: 'Ended flows by observed outcome.',
          unit: UNITS.flowsPerSecond,
          perRow: 1,
        },
        [{ expr: perSecond('flow_outcomes', ['outcome']), legend: '{{outcome}}' }],
      ),
      graph(
        {
          title: 'Faults by outcome',
          description: 'Flows in outcomes that are always a fault, by kind.',
          unit: UNITS.flowsPerSecond,
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
          description: 'Share of ended flows with an unexpected outcome or path, since the start of the run.',
          unit: UNITS.share,
          perRow: 2,
        },
        [{ expr: worstShare('outcome_mismatch', ['kind']), legend: '{{kind}}' }],
      ),
      graph(
        {
          title: 'Flows off the path of their kind',
          description:
            'By the state that came up but must not (unexpected), or must come up but did not (missing): the accounts do not match the inventory.',
          unit: UNITS.flowsPerSecond,
          perRow: 2,
        },
        [{ expr: perSecond('off_path', ['kind', 'status', 'path']), legend: '{{kind}} {{path}} {{status}}' }],
      ),
      graph(
        {
          title: 'What users without an expected outcome were asked for',
          description: 'CSV users without a kind, and users who are played again without a reset.',
          unit: UNITS.flowsPerSecond,
          perRow: 2,
        },
        [{ expr: perSecond('paths_found', ['found']), legend: '{{found}}' }],
      ),
    ],
    'Arrivals against schedule': [
      graph(
        {
          title: 'Planned, started, ended, dropped',
          description:
            'Started below planned: the load was not reached. Started above ended for long: flows pile up. Planned is missing under k6.',
          unit: UNITS.flowsPerSecond,
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
          title: 'VUs',
          description:
            'In use and allocated. If the number in use grows at a constant arrival rate, flows take longer and longer.',
          unit: UNITS.count,
          perRow: 2,
        },
        [
          { expr: sumExpression('vus'), legend: 'in use' },
          { expr: sumExpression('vus_max'), legend: 'ready' },
        ],
      ),
    ],
    'Requests and errors': [
      graph(
        {
          title: 'Flow duration, p99',
          description: 'Server time of a flow: total time of its PingFederate requests, by kind.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('flow_duration', 'p99', ['kind']), legend: '{{kind}}' }],
      ),
      graph(
        {
          title: 'Failed requests by code',
          description: 'Error codes of k6: from 1400 on 1000 + HTTP status; below that there was no response.',
          unit: UNITS.requestsPerSecond,
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
          description: 'States that the inventory does not lead to, or that Pairstorm has no handler for.',
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
          description: 'Requests of a flow over the requests it would have made without retries; 1 means no retries.',
          unit: UNITS.ratio,
          perRow: 3,
        },
        [{ expr: worst('retry_amplification', 'p95'), legend: 'p95' }],
      ),
    ],
  },
});
