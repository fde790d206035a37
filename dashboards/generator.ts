import { highestInRange, perSecond, sumOf, totalOrZero, worst, worstInRange } from './expressions.ts';
import type { Dashboard } from './dashboard.ts';
import { UNITS } from './house-style.ts';
import { graph, number } from './panels.ts';

/** From this p99 on a run is invalid, in seconds (docs/engine.md, "Accounts"). */
const INVALID_FROM_S = 0.5;

/** Whether the load generator itself was at fault: then no other number says anything about the target. */
export const generator = (): Dashboard => ({
  uid: 'pairstorm-generator',
  title: 'Pairstorm: generator',
  description:
    'What making the load cost, and how late it was by its own fault. Late here, and the run is invalid: it measured itself. The series come from pairstorm run; under k6 there are only step lateness, sockets and dropped iterations.',
  from: 'now-30m',
  rows: {
    'Can the numbers be trusted?': [
      number(
        {
          title: 'Event loop late, p99',
          description: 'How long timers waited for the event loop. From 0.5 s on the run is invalid.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('generator_event_loop_delay', 'p99'),
        INVALID_FROM_S,
      ),
      number(
        {
          title: 'Starts late, p99',
          description: 'How late users started though a virtual user was free. From 0.5 s on the run is invalid.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('generator_start_lag', 'p99'),
        INVALID_FROM_S,
      ),
      number(
        {
          title: 'Step lateness, p99',
          description: 'How late timers of virtual users fired. Under k6 it is the only such figure.',
          unit: UNITS.time,
          perRow: 6,
        },
        worstInRange('step_lateness', 'p99'),
        INVALID_FROM_S,
      ),
      number(
        {
          title: 'CPU, highest',
          description: 'CPU time over time: 1 is one core. Near the number of cores, the machine is the limit.',
          unit: UNITS.count,
          perRow: 6,
        },
        highestInRange('generator_cpu_cores'),
      ),
      number(
        {
          title: 'Memory, highest',
          description: 'Resident memory of the process, of the machine with the most.',
          unit: UNITS.bytes,
          perRow: 6,
        },
        highestInRange('generator_memory_bytes'),
      ),
      number(
        {
          title: 'Dropped iterations',
          description: 'Users that did not arrive since no virtual user was free. That is a finding, no fault of it.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('dropped_iterations'),
        1,
      ),
    ],
    'How late': [
      graph(
        {
          title: 'Event loop late',
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
          title: 'Starts late',
          description: 'From the planned instant to the start, where a virtual user was free.',
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
          title: 'Step lateness',
          description: 'How late timers of virtual users fired: the harness waiting, not the target.',
          unit: UNITS.time,
          perRow: 3,
        },
        [
          { expr: worst('step_lateness', 'p95', ['instance']), legend: '{{instance}} p95' },
          { expr: worst('step_lateness', 'p99', ['instance']), legend: '{{instance}} p99' },
        ],
      ),
    ],
    'What it cost': [
      graph(
        {
          title: 'CPU',
          description: 'CPU time over time: 1 is one core.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: sumOf('generator_cpu_cores', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Memory',
          description: 'Resident memory. It must be flat at a constant rate.',
          unit: UNITS.bytes,
          perRow: 3,
        },
        [{ expr: sumOf('generator_memory_bytes', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Garbage collection',
          description: 'Pauses for garbage collection; all threads wait meanwhile.',
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
          description:
            'Connections to the target and the phone. One per virtual user that plays, or the size of the pool.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: sumOf('generator_connections', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Waiting for a connection, p99',
          description:
            'Time before a request could be sent: for a free connection, and for opening a new one. High while the event loop is on time: too few connections.',
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
          description: 'All requests in a second. Machines of one run should be alike.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: perSecond('http_reqs', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Failed on this machine',
          description:
            'Requests in a second that failed for want of a descriptor, a port, a buffer, memory or the proxy: none is the target’s.',
          unit: UNITS.perSecond,
          perRow: 2,
        },
        [{ expr: perSecond('generator_failed_requests', ['instance']), legend: '{{instance}}' }],
      ),
      graph(
        {
          title: 'Virtual users by machine',
          description: 'In use and ready.',
          unit: UNITS.count,
          perRow: 2,
        },
        [
          { expr: sumOf('vus', ['instance']), legend: '{{instance}} in use' },
          { expr: sumOf('vus_max', ['instance']), legend: '{{instance}} ready' },
        ],
      ),
    ],
  },
});
