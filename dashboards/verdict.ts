import { PAIRING_OUTCOMES } from '../catalogue/outcomes.ts';
import { FAULTY_OUTCOMES } from '../catalogue/faulty-outcomes.ts';
import { fact, total, totalOrZero, worstInRange, worstShareInRange } from './expressions.ts';
import { UNITS } from './house-style.ts';
import { singleNumber, words } from './panels.ts';
import type { Panel } from './panels.ts';

const pairingErrors = totalOrZero('flow_outcomes', { outcome: ['pairing_error'] });
const pairings = total('flow_outcomes', { outcome: PAIRING_OUTCOMES });
const judged = `last_over_time(${fact('pairstorm_threshold_ok')}[$__range])`;

/** A run in twelve numbers: verdict, problems, and whether to trust it. */
export const verdict = (): readonly Panel[] => [
  words(
    {
      title: 'Verdict',
      description:
        'How the run ended; none while it runs, and none under k6. invalid: the load generator was too slow, so the numbers say nothing.',
      unit: UNITS.count,
      perRow: 6,
    },
    { expr: `last_over_time(${fact('pairstorm_run_verdict')}[$__range])`, legend: '{{verdict}}' },
    'no verdict yet',
  ),
  singleNumber({ title: 'Flows', description: 'Flows started.', unit: UNITS.count, perRow: 6 }, totalOrZero('flows')),
  singleNumber(
    {
      title: 'Faults',
      description: 'Flows in an outcome that is always a fault, of the target or the harness.',
      unit: UNITS.count,
      perRow: 6,
    },
    totalOrZero('flow_outcomes', { outcome: FAULTY_OUTCOMES }),
    1,
  ),
  singleNumber(
    {
      title: 'Outcome mismatch, worst kind',
      description:
        'Share of flows that did not end as expected, in the worst flow kind. Against the simulator it must be 0.',
      unit: UNITS.share,
      perRow: 6,
    },
    worstShareInRange('outcome_mismatch'),
    0.000_001,
  ),
  singleNumber(
    {
      title: 'Pairing errors',
      description:
        'Share of pairing_error among flows that reached pairing. The inventory expects some: compare with its share.',
      unit: UNITS.share,
      perRow: 6,
    },
    `${pairingErrors} / ${pairings}`,
  ),
  singleNumber(
    {
      title: 'Decision lag, p99',
      description: 'From the decision on the phone to the flow response that shows it, the slowest 1 %.',
      unit: UNITS.time,
      perRow: 6,
    },
    worstInRange('decision_lag', 'p99'),
  ),
  singleNumber(
    {
      title: 'Thresholds failed',
      description: 'Thresholds of the run that failed, known once it has ended. Not under k6.',
      unit: UNITS.count,
      perRow: 6,
    },
    `count(${judged} == 0) or 0 * count(${judged})`,
    1,
  ),
  singleNumber(
    {
      title: 'Starts without an answer',
      description: 'Flows whose first request got no HTTP response.',
      unit: UNITS.count,
      perRow: 6,
    },
    `${total('flows')} - ${totalOrZero('starts_answered')}`,
    1,
  ),
  singleNumber(
    {
      title: 'Dropped iterations',
      description: 'Starts that did not happen because no VU was free: the plan was not kept.',
      unit: UNITS.count,
      perRow: 6,
    },
    totalOrZero('dropped_iterations'),
    1,
  ),
  singleNumber(
    {
      title: 'Event-loop delay, p99',
      description:
        'How long the load generator kept its own timers waiting. At 0.5 s or more the run is invalid. Not under k6.',
      unit: UNITS.time,
      perRow: 6,
    },
    worstInRange('generator_event_loop_delay', 'p99'),
    0.5,
  ),
  singleNumber(
    {
      title: 'Timer lag, p99',
      description: 'How late timers of VUs fired. If it is high, do not trust any other number.',
      unit: UNITS.time,
      perRow: 6,
    },
    worstInRange('step_lateness', 'p99'),
    0.5,
  ),
  singleNumber(
    {
      title: 'Polls not answered',
      description: 'Share of polls not answered with a flow resource, since the start of the run.',
      unit: UNITS.share,
      perRow: 6,
    },
    worstShareInRange('poll_error_rate'),
    0.01,
  ),
];
