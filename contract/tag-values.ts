import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import { FLOW_STATUSES, OTHER_STATUSES } from '../protocol/statuses.ts';
import { OUTCOMES } from './outcomes.ts';
import { CLIENT_STEPS } from './steps.ts';

/** Closed value lists of our tags. A value outside its list is sent as `other`. */
export const TAG_VALUES = {
  kind: Object.keys(FLOW_KINDS),
  outcome: OUTCOMES,
  step: CLIENT_STEPS,
  status: [...FLOW_STATUSES, ...OTHER_STATUSES, 'other'],
  platform: ['iPhone', 'Android', 'none'],
} as const satisfies Record<string, readonly string[]>;
