import { PAIRING_OUTCOMES } from '../catalogue/outcomes.ts';
import type { Dashboard } from './dashboard.ts';
import {
  KINDS_THAT_PAIR,
  perSecond,
  shareOf,
  total,
  totalOrZero,
  worst,
  worstInRange,
  worstShare,
  worstShareInRange,
} from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph, singleNumber } from './panels.ts';
import { LATENCIES } from './selector.ts';

const reached = total('flow_outcomes', { outcome: PAIRING_OUTCOMES });
const share = (outcome: string): string => `${totalOrZero('flow_outcomes', { outcome: [outcome] })} / ${reached}`;

/** Pairing of new phones: results, durations, and where the time went. */
export const pairingDashboard = (): Dashboard => ({
  uid: 'pairstorm-pairing',
  title: 'Pairstorm: pairing',
  description:
    'The pairing path: authenticate, pairing on the phone, continueAuthentication, token. A pairing error is a success on the wire; it is read from the token.',
  from: 'now-30m',
  rows: {
    'Pairing results': [
      singleNumber(
        {
          title: 'Reached pairing',
          description: 'Flows whose status attribute reports the result of the pairing.',
          unit: UNITS.count,
          perRow: 6,
        },
        reached,
      ),
      singleNumber(
        { title: 'Paired', description: 'Share of those that paired.', unit: UNITS.share, perRow: 6 },
        share('device_paired'),
      ),
      singleNumber(
        {
          title: 'Pairings an hour',
          description: 'Devices paired, at the present rate.',
          unit: UNITS.count,
          perRow: 6,
        },
        `3600 * ${perSecond('flow_outcomes', [], { outcome: ['device_paired'] })}`,
      ),
      singleNumber(
        {
          title: 'Pairing errors',
          description:
            'Share of pairing_error; the rest did not pair. The inventory expects some: compare with its share.',
          unit: UNITS.share,
          perRow: 6,
        },
        share('pairing_error'),
      ),
      singleNumber(
        {
          title: 'Pairing error rate, worst platform',
          description: 'The same, on the worst platform.',
          unit: UNITS.share,
          perRow: 6,
        },
        worstShareInRange('pairing_error_rate'),
      ),
      singleNumber(
        {
          title: 'Pairing duration, p99',
          description: 'Request time from authenticate to the token, on the slowest platform.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('pairing_duration', 'p99'),
      ),
      graph(
        {
          title: 'Pairings by result',
          description: 'By status attribute.',
          unit: UNITS.flowsPerSecond,
          perRow: 3,
        },
        [{ expr: perSecond('flow_outcomes', ['outcome'], { outcome: PAIRING_OUTCOMES }), legend: '{{outcome}}' }],
      ),
      graph(
        {
          title: 'Pairing error rate by platform',
          description: 'Share of pairing_error among the flows of a platform that reached pairing, since the start.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: worstShare('pairing_error_rate', ['platform']), legend: '{{platform}}' }],
      ),
      graph(
        {
          title: 'Unexpected pairing errors',
          description: `Share of pairing_error, now, among flows of kinds (${KINDS_THAT_PAIR.join(', ')}) for which no inventory expects one: above 0, the target caused them.`,
          unit: UNITS.share,
          perRow: 3,
        },
        [
          {
            expr: shareOf(
              'flow_outcomes',
              { outcome: ['pairing_error'] },
              { outcome: PAIRING_OUTCOMES, kind: KINDS_THAT_PAIR },
            ),
            legend: 'pairing errors',
          },
        ],
      ),
    ],
    Durations: [
      graph(
        {
          title: 'Pairing duration by platform',
          description:
            'Request time from authenticate to the token, in flows that reached pairing; without think time.',
          unit: UNITS.time,
          perRow: 2,
        },
        [
          { expr: worst('pairing_duration', 'p95', ['platform']), legend: '{{platform}} p95' },
          { expr: worst('pairing_duration', 'p99', ['platform']), legend: '{{platform}} p99' },
        ],
      ),
      graph(
        {
          title: 'Flow duration by kind, p95',
          description: 'Server time of a flow: total time of its PingFederate requests.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('flow_duration', 'p95', ['kind']), legend: '{{kind}}' }],
      ),
      graph(
        {
          title: 'Step duration, p95',
          description:
            'Each step of a flow that was answered as expected. The line that rises first shows the bottleneck.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('http_req_duration', 'p95', ['name'], LATENCIES), legend: '{{name}}' }],
      ),
      graph(
        {
          title: 'Step duration, p99',
          description: 'The same, the slowest 1 %.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('http_req_duration', 'p99', ['name'], LATENCIES), legend: '{{name}}' }],
      ),
    ],
    Requests: [
      graph(
        {
          title: 'Requests by step',
          description: 'Requests to PingFederate per second.',
          unit: UNITS.requestsPerSecond,
          perRow: 2,
        },
        [{ expr: perSecond('http_reqs', ['name'], { peer: ['pf'] }), legend: '{{name}}' }],
      ),
      graph(
        {
          title: 'Failed requests by step',
          description: 'Current share of requests that failed: no response, or an unexpected error.',
          unit: UNITS.share,
          perRow: 2,
        },
        [
          {
            expr: shareOf('http_reqs', { expected_response: ['false'] }, { peer: ['pf'] }, ['name']),
            legend: '{{name}}',
          },
        ],
      ),
    ],
  },
});
