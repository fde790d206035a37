import { highestInRange, perSecond, sumExpression, totalOrZero, worst, worstInRange } from './expressions.ts';
import type { Dashboard } from './dashboard.ts';
import { UNITS } from './house-style.ts';
import { graph, singleNumber } from './panels.ts';

/** A run with a p99 of this or more, in seconds, is invalid (docs/engine.md, "Accounts"). */
const INVALID_FROM_S = 0.5;

/** Whether the load generator was at fault: then no other number says anything about the target. */
export const generator = (): Dashboard => ({
  uid: 'pairstorm-generator',
  title: 'Pairstorm: generator',
  description:
    'Resource use and delays of the load generator. If it is late, the run is invalid: it measured itself. The series come from pairstorm run; under k6 only timer lag, sockets and dropped iterations exist.',
  from: 'now-30m',
  rows: {
    'Can the numbers be trusted?': [
      singleNumber(
        {
          title: 'Event-loop delay, p99',
          description: 'How long timers waited for the event loop. At 0.5 s or more the run is invalid.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('generator_event_loop_delay', 'p99'),
        INVALID_FROM_S,
      ),
      singleNumber(
        {
          title: 'Start lag, p99',
          description: 'How late flows started while a VU was free. At 0.5 s or more the run is invalid.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('generator_start_lag', 'p99'),
        INVALID_FROM_S,
      ),
      singleNumber(
        {
          title: 'Timer lag, p99',
          description: 'How late timers of VUs fired. The only such figure under k6.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('step_lateness', 'p99'),
        INVALID_FROM_S,
      ),
      singleNumber(
        {
          title: 'CPU, highest',
          description:
            'CPU time over wall time: 1 is one core. Close to the number of cores, the machine is the limit.',
          unit: UNITS.cores,
          perRow: 6,
        },
        highestInRange('generator_cpu_cores'),
      ),
      singleNumber(
        {
          title: 'Memory, highest',
          description: 'Resident memory of the process, on the machine that uses most.',
          unit: UNITS.bytes,
          perRow: 6,
        },
        highestInRange('generator_memory_bytes'),
      ),
      singleNumber(
        {
          title: 'Dropped iterations',
          description:
            'Starts that did not happen because no VU was free. This is a finding, not a fault of the load generator.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('dropped_iterations'),
        1,
      ),
    ],
    Delays: [
      graph(
        {
          title: 'Event-loop delay',
          description: 'How long timers waited for the event loop of the slowest thread, since the start of the run.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          { expr: worst('generator_event_loop_delay', 'p99', ['instance']), legend: '{{instance}} p99' },
          { expr: worst('generator_event_loop_delay', 'max', ['instance']), legend: '{{instance}} max' },
        ],
      ),
      graph(
        {
          title: 'Start lag',
          description: 'From the planned time to the start, while a VU was free.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          { expr: worst('generator_start_lag', 'p99', ['instance']), legend: '{{instance}} p99' },
          { expr: worst('generator_start_lag', 'max', ['instance']), legend: '{{instance}} max' },
        ],
      ),
      graph(
        {
          title: 'Timer lag',
          description: 'How late timers of VUs fired: a delay of the harness, not of the target.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          { expr: worst('step_lateness', 'p95', ['instance']), legend: '{{instance}} p95' },
          { expr: worst('step_lateness', 'p99', ['instance']), legend: '{{instance}} p99' },
        ],
      ),
    ],
    'Resource use': [
      graph(
        {
          title: 'CPU',
          description: 'CPU time over wall time: 1 is one core.',
          unit: UNITS.cores,
          perRow: 3,
        },
        [{ expr: sumExpression('generator_cpu_cores', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Memory',
          description: 'Resident memory. Should be flat at a constant rate.',
          unit: UNITS.bytes,
          perRow: 3,
        },
        [{ expr: sumExpression('generator_memory_bytes', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Garbage collection',
          description: 'Garbage collection pauses; all threads wait meanwhile.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          { expr: worst('generator_gc_pause', 'p99', ['instance']), legend: '{{instance}} p99' },
          { expr: worst('generator_gc_pause', 'max', ['instance']), legend: '{{instance}} max' },
        ],
      ),
    ],
    Sockets: [
      graph(
        {
          title: 'Open sockets',
          description: 'Connections to the target and the phone API. One per active VU, or the size of the pool.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: sumExpression('generator_connections', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Waiting for a connection, p99',
          description:
            'Time before a request could be sent: waiting for a free connection, and opening a new one. High while the event loop is on time: too few connections.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          { expr: worst('http_req_blocked', 'p99', ['peer']), legend: '{{peer}} free connection' },
          { expr: worst('http_req_connecting', 'p99', ['peer']), legend: '{{peer}} new connection' },
        ],
      ),
      graph(
        {
          title: 'Requests by machine',
          description: 'All requests per second. The machines of a run should be similar.',
          unit: UNITS.requestsPerSecond,
          perRow: 3,
        },
        [{ expr: perSecond('http_reqs', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Failed on this machine',
          description:
            'Requests per second that failed for lack of descriptors, ports, buffers or memory, or because of the proxy: none is the fault of the target.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [{ expr: perSecond('generator_failed_requests', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'VUs by machine',
          description: 'In use and allocated.',
          unit: UNITS.count,
          perRow: 2,
        },
        [
          { expr: sumExpression('vus', ['instance']), legend: '{{instance}} in use' },
          { expr: sumExpression('vus_max', ['instance']), legend: '{{instance}} ready' },
        ],
      ),
    ],
  },
});
