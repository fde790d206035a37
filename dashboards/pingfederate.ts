import type { Dashboard } from './dashboard.ts';
import { perSecond, worst } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph, note } from './panels.ts';
import { JVM_METRICS as JVM, PINGFEDERATE_METRICS as PF, SIMULATOR_METRICS as SIM } from './pingfederate-metrics.ts';
import { LATENCIES, labelSelector } from './selector.ts';
import { labelVariable } from './variables.ts';

/** Series of the selected PingFederate nodes. */
const ofNode = (metric: string, ...matchers: readonly string[]): string =>
  `${metric}${labelSelector(['job=~"$pf_job"', 'instance=~"$pf_node"', ...matchers])}`;
const rateOf = (metric: string, split: string, ...matchers: readonly string[]): string =>
  `sum by (${split}) (rate(${ofNode(metric, ...matchers)}[$__rate_interval]))`;

const SET_UP = `All panels under *PingFederate* and *JVM* need the [JMX exporter](https://github.com/prometheus/jmx_exporter) (Apache-2.0, 1.0 or later) as a Java agent in each PingFederate node, with \`deploy/pingfederate/jmx-exporter.yml\` of Pairstorm, and Prometheus to scrape it; see \`docs/dashboards.md\`. PingFederate itself has JMX and the heartbeat, but no Prometheus endpoint. A panel without data: that MBean does not exist. The row *Simulator* is for runs against the built-in simulator.`;

/** The server's own metrics beside the load, on one time axis. */
export const pingfederate = (): Dashboard => ({
  uid: 'pairstorm-pingfederate',
  title: 'Pairstorm: PingFederate under load',
  description:
    "PingFederate's own metrics under load: is its CPU, heap or thread pool the limit, or something behind it? Needs the JMX exporter in PingFederate's JVM.",
  from: 'now-30m',
  variables: [
    labelVariable('pf_job', 'PingFederate job', JVM.memoryUsed, 'job'),
    labelVariable('pf_node', 'PingFederate node', `${JVM.memoryUsed}${labelSelector(['job=~"$pf_job"'])}`, 'instance'),
  ],
  rows: {
    Prerequisites: [note('Set-up', 'What to configure for the panels below.', SET_UP)],
    Load: [
      graph(
        {
          title: 'Flows and requests',
          description: 'As sent by the load generator.',
          unit: UNITS.requestsPerSecond,
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
          description: 'As seen by the load generator, since the start of the run.',
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
          description: 'SSO, SLO and STS transactions counted by PingFederate, and those that failed.',
          unit: UNITS.requestsPerSecond,
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
          description: 'Requests per second. More than the load generator sends: something else uses this server.',
          unit: UNITS.requestsPerSecond,
          perRow: 3,
        },
        [{ expr: rateOf(PF.requests, 'instance'), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Time per request in Jetty',
          description:
            'Time over requests (JMX gives no percentile). Well below what the load generator sees: the time is lost in front of PingFederate.',
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
          description: 'HTTP status codes sent by Jetty.',
          unit: UNITS.requestsPerSecond,
          perRow: 3,
        },
        [{ expr: rateOf(PF.responses, 'code'), legend: '{{code}}' }],
      ),
      graph(
        {
          title: 'Threads and queue',
          description:
            'Busy Jetty threads, and jobs waiting for one. A queue: the limit is the pool, or what its threads wait for.',
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
          title: 'Open requests and connections',
          description: 'Requests in progress, and open TCP connections.',
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
          description: 'Used share of the maximum. Close to 1 with much garbage collection: too small.',
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
          description: 'Share of time, by collector.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: rateOf(JVM.collections, 'instance, gc'), legend: '{{instance}} {{gc}}' }],
      ),
      graph(
        {
          title: 'CPU',
          description: 'Cores in use. Ping calls 60 to 80 % of the cores normal under load.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: rateOf(JVM.cpu, 'instance'), legend: '{{instance}}' }],
      ),
      graph({ title: 'Threads', description: 'JVM threads.', unit: UNITS.count, perRow: 2 }, [
        { expr: `sum by (instance) (${ofNode(JVM.threads)})`, legend: '{{instance}}' },
      ]),
      graph(
        {
          title: 'Open files',
          description: 'Files and sockets. Close to the limit of the process, connections are refused.',
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
          description: 'Answers of the simulator, by HTTP status.',
          unit: UNITS.requestsPerSecond,
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
          description: 'Where flows are.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: `sum by (status) (${SIM.openFlows})`, legend: '{{status}}' }],
      ),
      graph(
        {
          title: 'Workers, queue, faulty answers',
          description: 'Busy workers, requests waiting for one, and answers per second that a fault spoiled.',
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
