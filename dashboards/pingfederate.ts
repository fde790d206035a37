import type { Dashboard } from './dashboard.ts';
import { perSecond, worst } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph, note } from './panels.ts';
import { JVM_METRICS as JVM, PINGFEDERATE_METRICS as PF, SIMULATOR_METRICS as SIM } from './pingfederate-metrics.ts';
import { LATENCIES, selector } from './selector.ts';
import { labelVariable } from './variables.ts';

/** Series of the PingFederate nodes that the reader picked. */
const ofNode = (metric: string, ...matchers: readonly string[]): string =>
  `${metric}${selector(['job=~"$pf_job"', 'instance=~"$pf_node"', ...matchers])}`;
const rateOf = (metric: string, split: string, ...matchers: readonly string[]): string =>
  `sum by (${split}) (rate(${ofNode(metric, ...matchers)}[$__rate_interval]))`;

const SET_UP = `Every panel of *PingFederate* and *JVM* needs the [JMX exporter](https://github.com/prometheus/jmx_exporter) (Apache-2.0, 1.0 or later) as a Java agent in each PingFederate node, with \`deploy/pingfederate/jmx-exporter.yml\` of Pairstorm, and Prometheus to scrape it; \`docs/dashboards.md\` says how. PingFederate itself has JMX and the heartbeat, and no Prometheus endpoint. A panel without data: that MBean is not there. The row *Simulator* is for runs against the built-in simulator.`;

/** The server's own numbers beside the load that it gets, on one time axis. */
export const pingfederate = (): Dashboard => ({
  uid: 'pairstorm-pingfederate',
  title: 'Pairstorm: PingFederate beside the load',
  description:
    "What PingFederate says of itself while the load is on: is its CPU, its heap, its thread pool the limit, or something behind it? Needs the JMX exporter in PingFederate's JVM.",
  from: 'now-30m',
  variables: [
    labelVariable('pf_job', 'PingFederate job', JVM.memoryUsed, 'job'),
    labelVariable('pf_node', 'PingFederate node', `${JVM.memoryUsed}${selector(['job=~"$pf_job"'])}`, 'instance'),
  ],
  rows: {
    'What is needed': [note('Set-up', 'What must be configured for the panels below.', SET_UP)],
    'The load': [
      graph(
        {
          title: 'Flows and requests',
          description: 'What the load generator sends.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [
          { expr: perSecond('flows'), legend: 'flows started' },
          { expr: perSecond('http_reqs', [], { peer: ['pf'] }), legend: 'requests to PingFederate' },
        ],
      ),
      graph(
        {
          title: 'Step duration, p95',
          description: 'What the load generator sees, since the start of the run.',
          unit: UNITS.time,
          perRow: 2,
        },
        [{ expr: worst('http_req_duration', 'p95', ['name'], LATENCIES), legend: '{{name}}' }],
      ),
    ],
    PingFederate: [
      graph(
        {
          title: 'Transactions',
          description: 'SSO, SLO and STS transactions that PingFederate counts, and those that failed.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [
          { expr: rateOf(PF.transactions, 'instance'), legend: '{{instance}} all' },
          { expr: rateOf(PF.failedTransactions, 'instance'), legend: '{{instance}} failed' },
        ],
      ),
      graph(
        {
          title: 'Requests to Jetty',
          description: 'Requests in a second. More than the load generator sends: somebody else is on this server.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: rateOf(PF.requests, 'instance'), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Time per request in Jetty',
          description:
            'Time over requests (JMX gives no percentile). Well below what the load generator sees: the time is lost before PingFederate.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          {
            expr: `${rateOf(PF.requestTime, 'instance')} / ${rateOf(PF.requests, 'instance')}`,
            legend: '{{instance}}',
          },
        ],
      ),
      graph(
        {
          title: 'Responses by class',
          description: 'HTTP status codes that Jetty sent.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: rateOf(PF.responses, 'code'), legend: '{{code}}' }],
      ),
      graph(
        {
          title: 'Threads and queue',
          description:
            'Jetty threads that are busy, and jobs that wait for one. A queue: the pool is the limit, or what its threads wait for.',
          unit: UNITS.count,
          perRow: 3,
        },
        [
          {
            expr: `sum by (instance) (${ofNode(PF.threads)}) - sum by (instance) (${ofNode(PF.idleThreads)})`,
            legend: '{{instance}} busy',
          },
          { expr: `sum by (instance) (${ofNode(PF.queuedJobs)})`, legend: '{{instance}} queued' },
        ],
      ),
      graph(
        {
          title: 'Requests and connections, open',
          description: 'Requests at work, and TCP connections that are open.',
          unit: UNITS.count,
          perRow: 3,
        },
        [
          { expr: `sum by (instance) (${ofNode(PF.activeRequests)})`, legend: '{{instance}} requests' },
          { expr: `sum by (instance) (${ofNode(PF.openConnections)})`, legend: '{{instance}} connections' },
        ],
      ),
    ],
    JVM: [
      graph(
        {
          title: 'Heap',
          description: 'Used, as a share of the largest it may be. Near 1, and garbage collection high: too small.',
          unit: UNITS.share,
          perRow: 3,
        },
        [
          {
            expr: `sum by (instance) (${ofNode(JVM.memoryUsed, 'area="heap"')}) / sum by (instance) (${ofNode(JVM.memoryMax, 'area="heap"')})`,
            legend: '{{instance}}',
          },
        ],
      ),
      graph(
        {
          title: 'Garbage collection',
          description: 'Share of the time, by collector.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: rateOf(JVM.collections, 'instance, gc'), legend: '{{instance}} {{gc}}' }],
      ),
      graph(
        {
          title: 'CPU',
          description: 'Cores in use. Ping names 60 to 80 % of the cores as normal under load.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: rateOf(JVM.cpu, 'instance'), legend: '{{instance}}' }],
      ),
      graph({ title: 'Threads', description: 'Threads of the JVM.', unit: UNITS.count, perRow: 2 }, [
        { expr: `sum by (instance) (${ofNode(JVM.threads)})`, legend: '{{instance}}' },
      ]),
      graph(
        {
          title: 'Open files',
          description: 'Files and sockets. Near the limit of the process, connections are refused.',
          unit: UNITS.count,
          perRow: 2,
        },
        [{ expr: `sum by (instance) (${ofNode(JVM.openFiles)})`, legend: '{{instance}}' }],
      ),
    ],
    Simulator: [
      graph(
        {
          title: 'Requests by result',
          description: 'What the simulator answered, by HTTP status.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [
          {
            expr: `sum by (http_status) (rate(${SIM.requests}[$__rate_interval]))`,
            legend: '{{http_status}}',
          },
        ],
      ),
      graph(
        {
          title: 'Open flows by status',
          description: 'Where people are.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: `sum by (status) (${SIM.openFlows})`, legend: '{{status}}' }],
      ),
      graph(
        {
          title: 'Workers, queue, faulty answers',
          description: 'Workers at work, requests that wait for one, and answers in a second that a fault spoiled.',
          unit: UNITS.count,
          perRow: 3,
        },
        [
          { expr: `sum(${SIM.busyWorkers})`, legend: 'busy' },
          { expr: `sum(${SIM.queue})`, legend: 'queued' },
          { expr: `sum by (kind) (rate(${SIM.faultyAnswers}[$__rate_interval]))`, legend: 'faulty: {{kind}}' },
        ],
      ),
    ],
  },
});
