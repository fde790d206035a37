import { PAIRING_OUTCOMES } from '../contract/outcomes.ts';
import {
  fact,
  perSecond,
  planned,
  sumOf,
  total,
  totalOrZero,
  worst,
  worstInRange,
  worstShare,
  worstShareInRange,
} from './expressions.ts';
import type { Dashboard } from './dashboard.ts';
import { UNITS } from './house-style.ts';
import { FAULTY_OUTCOMES } from './outcome-groups.ts';
import { graph, number, words } from './panels.ts';

const pairingErrors = totalOrZero('flow_outcomes', { outcome: ['pairing_error'] });
const pairings = total('flow_outcomes', { outcome: PAIRING_OUTCOMES });

/** The first dashboard that one opens: is the run sound, where does it hurt. */
export const overview = (): Dashboard => ({
  uid: 'pairstorm-overview',
  title: 'Pairstorm: overview',
  description:
    'One run: its verdict, what became of its flows, and whether the plan was kept. From pairstorm run --out prometheus or prometheus-rw, or from k6 remote write; docs/dashboards.md says what needs what. Percentiles and shares are those since the start of the run.',
  from: 'now-30m',
  rows: {
    Verdict: [
      words(
        {
          title: 'Verdict',
          description:
            'How the run ended; there is none while it runs, and none under k6. invalid: the load generator was too slow, the numbers say nothing.',
          unit: UNITS.count,
          perRow: 6,
        },
        { expr: `last_over_time(${fact('pairstorm_run_verdict')}[$__range])`, legend: '{{verdict}}' },
        'no verdict yet',
      ),
      number({ title: 'Flows', description: 'Flows started.', unit: UNITS.count, perRow: 6 }, totalOrZero('flows')),
      number(
        {
          title: 'Faults',
          description: 'Flows that ended in an outcome that nobody prescribes: the target or the harness was at fault.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('flow_outcomes', { outcome: FAULTY_OUTCOMES }),
        1,
      ),
      number(
        {
          title: 'Outcome mismatch, worst kind',
          description:
            'Share of flows that did not end as prescribed, in the kind of flow with the most. Against the simulator it must be 0.',
          unit: UNITS.share,
          perRow: 6,
        },
        worstShareInRange('outcome_mismatch'),
        0.000_001,
      ),
      number(
        {
          title: 'Pairing errors',
          description:
            'Share of pairing_error among flows that reached pairing. The inventory asks for some: compare with its share.',
          unit: UNITS.share,
          perRow: 6,
        },
        `${pairingErrors} / ${pairings}`,
      ),
      number(
        {
          title: 'Decision lag, p99',
          description: "From the phone's decision to the flow answer that shows it, the slowest 1 %.",
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('decision_lag', 'p99'),
      ),
      number(
        {
          title: 'Thresholds failed',
          description: 'Of the thresholds of the run, once it has ended. Not under k6.',
          unit: UNITS.count,
          perRow: 6,
        },
        `count(last_over_time(${fact('pairstorm_threshold_ok')}[$__range]) == 0) or 0 * count(last_over_time(${fact('pairstorm_threshold_ok')}[$__range]))`,
        1,
      ),
      number(
        {
          title: 'Starts without an answer',
          description: 'Flows whose first request got no HTTP answer.',
          unit: UNITS.count,
          perRow: 6,
        },
        `${total('flows')} - ${totalOrZero('starts_answered')}`,
        1,
      ),
      number(
        {
          title: 'Dropped iterations',
          description: 'Users that did not arrive since no virtual user was free: the plan was not kept.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('dropped_iterations'),
        1,
      ),
      number(
        {
          title: 'Event loop late, p99',
          description:
            'How long the load generator kept its own timers waiting. From 0.5 s on the run is invalid. Not under k6.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('generator_event_loop_delay', 'p99'),
        0.5,
      ),
      number(
        {
          title: 'Step lateness, p99',
          description: 'How late timers of virtual users fired: high, and every other number is to be mistrusted.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('step_lateness', 'p99'),
        0.5,
      ),
      number(
        {
          title: 'Polls not answered',
          description: 'Share of polls without a flow resource for an answer, since the start of the run.',
          unit: UNITS.share,
          perRow: 6,
        },
        worstShareInRange('poll_error_rate'),
        0.01,
      ),
    ],
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
          description: 'Share of ended flows whose outcome was not the prescribed one, since the start of the run.',
          unit: UNITS.share,
          perRow: 2,
        },
        [{ expr: worstShare('outcome_mismatch', ['kind']), legend: '{{kind}}' }],
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
          description: 'Machine time of a flow: the sum of its PingFederate requests, by kind.',
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
