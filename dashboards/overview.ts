import { OUTCOMES, PAIRING_OUTCOMES } from '../contract/outcomes.ts';
import { PRESCRIBABLE } from '../contract/prescribable.ts';
import {
  perSecond,
  sumOf,
  total,
  totalOrZero,
  worst,
  worstInRange,
  worstShare,
  worstShareInRange,
} from './expressions.ts';
import { UNITS, dashboard, graph, number } from './house-style.ts';

/** Outcomes that no inventory prescribes: the target or the harness was at fault. */
const FAULTS = OUTCOMES.filter(
  (outcome) => !Object.values(PRESCRIBABLE).some((prescribable) => prescribable.includes(outcome)),
);

const pairingErrors = totalOrZero('flow_outcomes', { outcome: ['pairing_error'] });
const pairings = total('flow_outcomes', { outcome: PAIRING_OUTCOMES });

/** The first dashboard that one opens: is the run sound, where does it hurt. */
export function overview(): string {
  return dashboard(
    'pairstorm-overview',
    'Pairstorm: overview',
    'One run of Pairstorm, from k6 remote write. Start the run with --tag testid=<run> and with K6_PROMETHEUS_RW_TREND_STATS="p(95),p(99),max". Percentiles and shares are those since the start of the run.',
    {
      Verdict: [
        number({ title: 'Flows', description: 'Flows started.', unit: UNITS.count, perRow: 6 }, totalOrZero('flows')),
        number(
          {
            title: 'Faults',
            description:
              'Flows that ended in an outcome that nobody prescribes: the target or the harness was at fault.',
            unit: UNITS.count,
            perRow: 6,
          },
          totalOrZero('flow_outcomes', { outcome: FAULTS }),
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
            title: 'Dropped iterations',
            description: 'Users that did not arrive since no virtual user was free: the plan was not kept.',
            unit: UNITS.count,
            perRow: 6,
          },
          totalOrZero('dropped_iterations'),
          1,
        ),
        graph(
          {
            title: 'Flows by outcome',
            description: 'Flows that ended, by what the virtual user observed.',
            unit: UNITS.perSecond,
            perRow: 1,
          },
          [{ expr: perSecond('flow_outcomes', ['outcome']), legend: '{{outcome}}' }],
        ),
      ],
      'Arrival against completed': [
        graph(
          {
            title: 'Started, ended, dropped',
            description:
              'Started above ended for long: flows pile up. Dropped above zero: more users came than the plan had room for.',
            unit: UNITS.perSecond,
            perRow: 2,
          },
          [
            { expr: perSecond('flows'), legend: 'started' },
            { expr: perSecond('flow_outcomes'), legend: 'ended' },
            { expr: perSecond('dropped_iterations'), legend: 'dropped' },
          ],
        ),
        graph(
          {
            title: 'Virtual users',
            description:
              'In use and ready. In use that grows at a constant arrival rate: flows take longer and longer.',
            unit: UNITS.count,
            perRow: 2,
          },
          [
            { expr: sumOf('vus'), legend: 'in use' },
            { expr: sumOf('vus_max'), legend: 'ready' },
          ],
        ),
      ],
      'Pairing path': [
        graph(
          {
            title: 'Pairing duration',
            description:
              'Request time from authenticate to the token, of flows that reached pairing. People are not in it.',
            unit: UNITS.time,
            perRow: 3,
          },
          [
            { expr: worst('pairing_duration', 'p95', ['platform']), legend: '{{platform}} p95' },
            { expr: worst('pairing_duration', 'p99', ['platform']), legend: '{{platform}} p99' },
          ],
        ),
        graph(
          {
            title: 'Pairings by result',
            description: 'What the status attribute said. A pairing error is a success on the wire.',
            unit: UNITS.perSecond,
            perRow: 3,
          },
          [{ expr: perSecond('flow_outcomes', ['outcome'], { outcome: PAIRING_OUTCOMES }), legend: '{{outcome}}' }],
        ),
        graph(
          {
            title: 'Pairing error rate',
            description: 'Share of pairing_error among the flows of a platform that reached pairing.',
            unit: UNITS.share,
            perRow: 3,
          },
          [{ expr: worstShare('pairing_error_rate', ['platform']), legend: '{{platform}}' }],
        ),
        graph(
          {
            title: 'Step duration, p99',
            description: 'Each request of a flow, errors included.',
            unit: UNITS.time,
            perRow: 2,
          },
          [{ expr: worst('step_duration', 'p99', ['step']), legend: '{{step}}' }],
        ),
        graph(
          {
            title: 'Flow duration, p99',
            description: 'Machine time of a flow: the sum of its PingFederate requests, by kind.',
            unit: UNITS.time,
            perRow: 2,
          },
          [{ expr: worst('flow_duration', 'p99', ['kind']), legend: '{{kind}}' }],
        ),
      ],
      'Polling path': [
        graph({ title: 'Poll duration', description: 'One poll.', unit: UNITS.time, perRow: 3 }, [
          { expr: worst('poll_duration', 'p95'), legend: 'p95' },
          { expr: worst('poll_duration', 'p99'), legend: 'p99' },
          { expr: worst('poll_duration', 'max'), legend: 'max' },
        ]),
        graph(
          {
            title: 'Decision lag',
            description: "From the phone's decision to the flow answer that shows it. One poll interval is normal.",
            unit: UNITS.time,
            perRow: 3,
          },
          [
            { expr: worst('decision_lag', 'p95'), legend: 'p95' },
            { expr: worst('decision_lag', 'p99'), legend: 'p99' },
          ],
        ),
        graph(
          {
            title: 'Polls per flow',
            description: 'Polls of one wait for a decision. Clients give up at 15.',
            unit: UNITS.count,
            perRow: 3,
          },
          [
            { expr: worst('polls_per_flow', 'p95'), legend: 'p95' },
            { expr: worst('polls_per_flow', 'max'), legend: 'max' },
          ],
        ),
        graph(
          { title: 'Poll errors', description: 'Share of polls not answered with 200.', unit: UNITS.share, perRow: 2 },
          [{ expr: worstShare('poll_error_rate'), legend: 'errors' }],
        ),
        graph(
          {
            title: 'Late polls',
            description: 'Polls answered after the state had moved: normal for clients that poll by timer.',
            unit: UNITS.perSecond,
            perRow: 2,
          },
          [{ expr: perSecond('late_polls'), legend: 'late polls' }],
        ),
      ],
      Errors: [
        graph(
          {
            title: 'Faults by outcome',
            description: 'Flows that nobody wanted to end so.',
            unit: UNITS.perSecond,
            perRow: 2,
          },
          [
            {
              expr: perSecond('flow_outcomes', ['kind', 'outcome'], { outcome: FAULTS }),
              legend: '{{kind}} {{outcome}}',
            },
          ],
        ),
        graph(
          {
            title: 'Failed requests by code',
            description: 'k6 error codes: 1000 + HTTP status from 1400 on; below that no answer came.',
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
            perRow: 2,
          },
          [{ expr: perSecond('attempts', ['step']), legend: '{{step}}' }],
        ),
        graph(
          {
            title: 'Retry amplification',
            description: 'Requests of a flow for each that it would have made without retries; 1 is none.',
            unit: UNITS.count,
            perRow: 2,
          },
          [{ expr: worst('retry_amplification', 'p95'), legend: 'p95' }],
        ),
        graph(
          {
            title: 'Starts without an answer',
            description: 'Flows whose first request got no HTTP answer.',
            unit: UNITS.perSecond,
            perRow: 3,
          },
          [{ expr: `${perSecond('flows')} - ${perSecond('starts_answered')}`, legend: 'no answer' }],
        ),
        graph(
          {
            title: 'Step lateness',
            description:
              'How late timers of virtual users fired: the harness waiting. High: mistrust every other number.',
            unit: UNITS.time,
            perRow: 3,
          },
          [{ expr: worst('step_lateness', 'p99'), legend: 'p99' }],
        ),
      ],
    },
  );
}
