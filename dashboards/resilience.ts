import { FAULTY_OUTCOMES } from '../catalogue/faulty-outcomes.ts';
import type { Dashboard } from './dashboard.ts';
import { perSecond, total, totalOrZero, worst, worstShare } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { graph, number } from './panels.ts';

/** What each fault did to people, and whether it was over afterwards; for the scenario `resilience`. */
export const resilience = (): Dashboard => ({
  uid: 'pairstorm-resilience',
  title: 'Pairstorm: resilience',
  description:
    'Faults, one after the other: what is before, during and after each. Red marks are where a fault begins, green ones where it ends. Filled by the scenario resilience.',
  from: 'now-30m',
  rows: {
    Faults: [
      number(
        { title: 'Faults begun', description: 'Faults that began, as planned.', unit: UNITS.count, perRow: 6 },
        totalOrZero('fault_injections', { edge: ['start'] }),
      ),
      number(
        {
          title: 'Faults not ended',
          description: 'Begun and not ended: the fault that is at work, or one that nobody mended.',
          unit: UNITS.count,
          perRow: 6,
        },
        `${totalOrZero('fault_injections', { edge: ['start'] })} - ${totalOrZero('fault_injections', { edge: ['end'] })}`,
      ),
      number(
        {
          title: 'Faulty answers seen',
          description: 'Answers that named a fault, and requests without an answer since a fault began.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('faults_seen'),
      ),
      number(
        {
          title: 'Faulty answers served',
          description: "The same by the simulator's own count, taken at the end of the run.",
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('faults_served'),
      ),
      number(
        {
          title: 'Flows in faulty outcomes',
          description: 'Flows that ended as nobody prescribes.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('flow_outcomes', { outcome: FAULTY_OUTCOMES }),
      ),
      number(
        {
          title: 'Repeated attempts',
          description: 'Attempts of an action after the first one: what clients add to a target that suffers.',
          unit: UNITS.count,
          perRow: 6,
        },
        totalOrZero('attempts'),
      ),
      graph(
        {
          title: 'Requests by phase',
          description: 'Which part of the plan it is: requests in a second, by the phase in which they began.',
          unit: UNITS.perSecond,
          perRow: 1,
        },
        [{ expr: perSecond('http_reqs', ['phase'], { peer: ['pf'] }), legend: '{{phase}}' }],
      ),
    ],
    'During and after': [
      graph(
        {
          title: 'Failed requests',
          description:
            'Share that failed, by fault, during it (fault) and after it (recovery): the worst of their slots.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: worstShare('phase_failed', ['fault', 'phase']), legend: '{{fault}} {{phase}}' }],
      ),
      graph(
        {
          title: 'Mismatches',
          description: 'Share of flows that ended in that time otherwise than prescribed: the worst of their slots.',
          unit: UNITS.share,
          perRow: 3,
        },
        [{ expr: worstShare('phase_mismatch', ['fault', 'phase']), legend: '{{fault}} {{phase}}' }],
      ),
      graph(
        {
          title: 'Request duration, p95',
          description: 'By fault, during and after it: the slowest of their slots.',
          unit: UNITS.time,
          perRow: 3,
        },
        [{ expr: worst('phase_duration', 'p95', ['fault', 'phase']), legend: '{{fault}} {{phase}}' }],
      ),
    ],
    'Recovery, slot by slot': [
      graph(
        {
          title: 'Failed requests by slot',
          description:
            'The recovery in twenty parts: 00 is the first one after the fault. Slots that stay up: it is not over.',
          unit: UNITS.share,
          perRow: 2,
        },
        [
          {
            expr: worstShare('phase_failed', ['fault', 'slot'], { phase: ['recovery'] }),
            legend: '{{fault}} {{slot}}',
          },
        ],
      ),
      graph(
        {
          title: 'Request duration by slot, p95',
          description: 'The same, for time.',
          unit: UNITS.time,
          perRow: 2,
        },
        [
          {
            expr: worst('phase_duration', 'p95', ['fault', 'slot'], { phase: ['recovery'] }),
            legend: '{{fault}} {{slot}}',
          },
        ],
      ),
    ],
    'Both sides count': [
      graph(
        {
          title: 'Faulty answers, seen',
          description: 'By fault, and how the virtual user knew: the answer named it, or there was none (cut).',
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: total('faults_seen', {}, ['fault', 'how']), legend: '{{fault}} {{how}}' }],
      ),
      graph(
        {
          title: 'Faulty answers, served',
          description: "By the simulator's own count; it comes at the end of the run. Must be what was seen.",
          unit: UNITS.count,
          perRow: 3,
        },
        [{ expr: total('faults_served', {}, ['fault', 'how']), legend: '{{fault}} {{how}}' }],
      ),
      graph(
        {
          title: 'Flows in faulty outcomes, by kind',
          description: 'What people got of the faults.',
          unit: UNITS.perSecond,
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
