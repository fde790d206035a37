import { FAULTY_OUTCOMES } from '../catalogue/faulty-outcomes.ts';
import type { Dashboard } from './dashboard.ts';
import { perSecond, sumExpression, total, totalOrZero, worst, worstShare } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph, singleNumber } from './panels.ts';

/** Impact of each fault and recovery from it, for the scenario `resilience`. */
export const resilience = (): Dashboard => ({
  uid: 'pairstorm-resilience',
  title: 'Pairstorm: resilience',
  description:
    'Faults, one after the other: before, during and after each. Red marks show where a fault starts, green ones where it ends. Filled by the resilience scenario.',
  from: 'now-30m',
  rows: {
    Faults: [
      singleNumber(
        { title: 'Faults started', description: 'Faults that started as planned.', unit: UNITS.count, perRow: 6 },
        totalOrZero('fault_injections', { edge: ['start'] }),
      ),
      singleNumber(
        {
          title: 'Faults not ended',
          description: 'Started and not ended: an active fault, or one that was never cleared.',
          unit: UNITS.count,
          perRow: 6,
        },
        `${totalOrZero('fault_injections', { edge: ['start'] })} - ${totalOrZero('fault_injections', { edge: ['end'] })}`,
      ),
      singleNumber(
        {
          title: 'Faulty answers seen',
          description: 'Responses that named a fault, and requests without a response since a fault started.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('faults_seen'),
      ),
      singleNumber(
        {
          title: 'Faulty answers served',
          description: 'The same as counted by the simulator, read at the end of the run.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('faults_served'),
      ),
      singleNumber(
        {
          title: 'Flows in faulty outcomes',
          description: 'Flows in an outcome that is always a fault.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('flow_outcomes', { outcome: FAULTY_OUTCOMES }),
      ),
      singleNumber(
        {
          title: 'Repeated attempts',
          description: 'Attempts of an action after the first one: what clients add to a struggling target.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('attempts'),
      ),
      graph(
        {
          title: 'Requests by phase',
          description: 'Requests per second, by the phase of the plan in which they started.',
          unit: UNITS.requestsPerSecond,
          perRow: 1,
        },
        [{ expr: perSecond('http_reqs', ['phase'], { peer: ['pf'] }), legend: '{{phase}}' }],
      ),
    ],
    'During and after': [
      graph(
        {
          title: 'Failed requests',
          description: 'Share that failed, by fault, during it (fault) and after it (recovery): the worst bin of each.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: worstShare('phase_failed', ['fault', 'phase']), legend: '{{fault}} {{phase}}' }],
      ),
      graph(
        {
          title: 'Mismatches',
          description: 'Share of flows that ended in that time with an unexpected outcome: the worst bin of each.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: worstShare('phase_mismatch', ['fault', 'phase']), legend: '{{fault}} {{phase}}' }],
      ),
      graph(
        {
          title: 'Request duration, p95',
          description: 'By fault, during and after it: the slowest bin of each.',
          unit: UNITS.time,
          perRow: 3,
        },
        [{ expr: worst('phase_duration', 'p95', ['fault', 'phase']), legend: '{{fault}} {{phase}}' }],
      ),
    ],
    'Recovery, bin by bin': [
      graph(
        {
          title: 'Failed requests by bin',
          description:
            'The recovery in twenty bins: 00 is the first one after the fault. While bins stay high, it is not over.',
          unit: UNITS.share,
          perRow: 2,
        },
        [
          {
            expr: worstShare('phase_failed', ['fault', 'bin'], { phase: ['recovery'] }),
            legend: '{{fault}} {{bin}}',
          },
        ],
      ),
      graph(
        {
          title: 'Request duration by bin, p95',
          description: 'The same, for duration.',
          unit: UNITS.time,
          perRow: 2,
        },
        [
          {
            expr: worst('phase_duration', 'p95', ['fault', 'bin'], { phase: ['recovery'] }),
            legend: '{{fault}} {{bin}}',
          },
        ],
      ),
    ],
    Clients: [
      graph(
        {
          title: 'Requests of each client',
          description: 'Requests to PingFederate by client profile, without those of storms: what retries add.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: perSecond('profile_requests', ['profile']), legend: '{{profile}}' }],
      ),
      graph(
        {
          title: 'Flows of each client',
          description: 'Flows started, by client profile.',
          unit: UNITS.perSecond,
          perRow: 3,
        },
        [{ expr: perSecond('profile_flows', ['profile']), legend: '{{profile}}' }],
      ),
      graph(
        {
          title: 'Faults confirmed',
          description: 'When each fault was confirmed to have started or ended, in Unix milliseconds.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: sumExpression('fault_edge_ms', ['fault', 'edge']), legend: '{{fault}} {{edge}}' }],
      ),
    ],
    'Counts of both sides': [
      graph(
        {
          title: 'Faulty answers, seen',
          description: 'By fault, and how it was recognized: the response named it, or there was none (cut).',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: total('faults_seen', {}, ['fault', 'how']), legend: '{{fault}} {{how}}' }],
      ),
      graph(
        {
          title: 'Faulty answers, served',
          description: 'As counted by the simulator, read at the end of the run. Must equal what was seen.',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: total('faults_served', {}, ['fault', 'how']), legend: '{{fault}} {{how}}' }],
      ),
      graph(
        {
          title: 'Flows in faulty outcomes, by kind',
          description: 'How the faults affected users.',
          unit: UNITS.flowsPerSecond,
          perRow: 3,
        },
        [
          {
            expr: perSecond('flow_outcomes', ['kind', 'outcome'], { outcome: FAULTY_OUTCOMES }),
            legend: '{{kind}} {{outcome}}',
          },
        ],
      ),
    ],
  },
});
