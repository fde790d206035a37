import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import { OTHER_STATUSES } from '../protocol/other-statuses.ts';
import { FLOW_STATUSES } from '../protocol/statuses.ts';
import { BINS, EXTERNAL_FAULT, LEVELS, NETWORK_FAULTS, NO_BIN, NO_FAULT, PHASES, STANDARD_FAULTS } from './phases.ts';
import { OUTCOMES } from './outcomes.ts';
import { PF_STEPS } from './steps.ts';

/** Platforms of the phone that a flow pairs. */
export const PLATFORMS = ['iPhone', 'Android', 'none'] as const;

/** Closed value lists of our tags. A value outside its list is sent as `other`. */
export const TAG_VALUES = {
  kind: Object.keys(FLOW_KINDS),
  outcome: OUTCOMES,
  step: PF_STEPS,
  status: [...FLOW_STATUSES, ...OTHER_STATUSES, 'other'],
  path: ['unexpected', 'missing'],
  found: ['pairing', 'push', 'push_pairing', 'otp', 'otp_pairing', 'payload', 'none', 'other'],
  platform: PLATFORMS,
  phase: PHASES,
  level: LEVELS,
  fault: [...STANDARD_FAULTS, ...NETWORK_FAULTS, EXTERNAL_FAULT, NO_FAULT, 'other'],
  bin: [...BINS, NO_BIN],
  how: ['named', 'cut', 'resent'],
  edge: ['start', 'end'],
  profile: ['android', 'ios', 'browser', 'own'],
  http: ['403', '429', '5xx'],
  held: ['no', 'user', 'run'],
} as const satisfies Record<string, readonly string[]>;
