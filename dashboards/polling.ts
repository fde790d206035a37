import { perSecond, shareOf, worst, worstInRange, worstShare, worstShareInRange } from './expressions.ts';
import type { Dashboard } from './dashboard.ts';
import { UNITS } from './house-style.ts';
import { graph, singleNumber } from './panels.ts';
import { POLLS } from './selector.ts';

/** Requests of clients that wait for a decision: `POST` from an app, `GET` from a browser. */
const WAITING = { name: ['poll'], peer: ['pf'] } as const;

/** Waiting for users: number and cost of polls, and how late clients see the decision. */
export const polling = (): Dashboard => ({
  uid: 'pairstorm-polling',
  title: 'Pairstorm: polling',
  description:
    'The polling path: a push was sent, and the client polls until the user has decided. Judged by the number of polls, their latency, and decision lag.',
  from: 'now-30m',
  rows: {
    'Waiting for a decision': [
      singleNumber(
        { title: 'Polls', description: 'Current polls per second.', unit: UNITS.requestsPerSecond, perRow: 6 },
        perSecond('http_reqs', [], WAITING),
      ),
      singleNumber(
        {
          title: 'Poll errors',
          description: 'Share of polls not answered with a flow resource, since the start of the run.',
          unit: UNITS.share,
          perRow: 6,
        },
        worstShareInRange('poll_error_rate'),
        0.01,
      ),
      singleNumber(
        {
          title: 'Poll duration, p95',
          description: 'Duration of one poll, response included.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('http_req_duration', 'p95', POLLS),
      ),
      singleNumber(
        {
          title: 'Decision lag, p95',
          description: 'From the decision on the phone to the flow response that shows it.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('decision_lag', 'p95'),
      ),
      singleNumber(
        {
          title: 'Polls per flow, p95',
          description: "Polls per wait for a decision. Android's app gives up after 15, that of iOS after 16.",
          unit: UNITS.count,
          perRow: 6,
        },
        worstInRange('polls_per_flow', 'p95'),
      ),
      singleNumber(
        {
          title: 'Share of polls',
          description: 'Share of the requests to PingFederate that are polls: the cost of users who wait.',
          unit: UNITS.share,
          perRow: 6,
        },
        shareOf('http_reqs', WAITING, { peer: ['pf'] }),
      ),
    ],
    Rates: [
      graph(
        {
          title: 'Poll rate',
          description:
            'Polls of apps (POST) and of browsers (GET). Grows with the number of users who take their time.',
          unit: UNITS.requestsPerSecond,
          perRow: 3,
        },
        [{ expr: perSecond('http_reqs', ['method'], WAITING), legend: '{{method}}' }],
      ),
      graph(
        {
          title: 'Polls per flow',
          description: "Polls per wait for a decision. Android's app gives up after 15, that of iOS after 16.",
          unit: UNITS.count,
          perRow: 3,
        },
        [
          { expr: worst('polls_per_flow', 'p95'), legend: 'p95' },
          { expr: worst('polls_per_flow', 'max'), legend: 'max' },
        ],
      ),
      graph(
        {
          title: 'Late polls',
          description: 'Polls answered after the state had changed: normal for clients that poll by timer.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: perSecond('late_polls'), legend: 'late polls' }],
      ),
    ],
    'Errors and latency': [
      graph(
        {
          title: 'Poll errors, now',
          description: 'Share of polls that failed: no response, or an unexpected error.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: shareOf('http_reqs', { expected_response: ['false'] }, WAITING, ['method']), legend: '{{method}}' }],
      ),
      graph(
        {
          title: 'Poll errors since the start',
          description: 'Share of polls not answered with a flow resource; late polls are not errors.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: worstShare('poll_error_rate', ['scenario']), legend: '{{scenario}}' }],
      ),
      graph(
        {
          title: 'Answers to polls by HTTP status',
          description: 'A 400 after the decision is a late poll. 0: no response.',
          unit: UNITS.requestsPerSecond,
          perRow: 3,
        },
        [{ expr: perSecond('http_reqs', ['status'], WAITING), legend: '{{status}}' }],
      ),
      graph(
        {
          title: 'Poll duration',
          description: 'Duration of one poll, response included.',
          unit: UNITS.time,
          perRow: 2,
        },
        [
          { expr: worst('http_req_duration', 'p95', [], POLLS), legend: 'p95' },
          { expr: worst('http_req_duration', 'p99', [], POLLS), legend: 'p99' },
          { expr: worst('http_req_duration', 'max', [], POLLS), legend: 'max' },
        ],
      ),
      graph(
        {
          title: 'Decision lag',
          description:
            'From the decision on the phone to the flow response that shows it. One poll interval is normal.',
          unit: UNITS.time,
          perRow: 2,
        },
        [
          { expr: worst('decision_lag', 'p95'), legend: 'p95' },
          { expr: worst('decision_lag', 'p99'), legend: 'p99' },
        ],
      ),
    ],
    Storms: [
      graph(
        {
          title: 'Requests without a pause',
          description:
            'Clients that got an error while they waited and asked again at once, by HTTP status of the answer.',
          unit: UNITS.requestsPerSecond,
          perRow: 2,
        },
        [{ expr: perSecond('http_reqs', ['status'], { peer: ['storm'] }), legend: '{{status}}' }],
      ),
      graph(
        {
          title: 'Longest storm',
          description: 'How long one client asked so, by the HTTP status that began it; seen when its flow ends.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('storm_duration', 'max', ['http']), legend: '{{http}}' }],
      ),
    ],
    Results: [
      graph(
        {
          title: 'Flows by user decision',
          description: 'Denied, not answered in time, or signed in.',
          unit: UNITS.flowsPerSecond,
          perRow: 1,
        },
        [
          {
            expr: perSecond('flow_outcomes', ['outcome'], { outcome: ['authenticated', 'denied', 'timed_out'] }),
            legend: '{{outcome}}',
          },
        ],
      ),
    ],
  },
});
