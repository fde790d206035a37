import { ACTION_IDS } from '../protocol/action-ids.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import { FLOW_STATUSES, OTHER_STATUSES } from '../protocol/statuses.ts';
import { OUTCOMES } from './outcomes.ts';

/** Requests of a flow as `name` tag and as `step`: the start, each action, and what comes after the flow. */
export const PF_STEPS = ['start', 'readFlow', ...ACTION_IDS, 'token'] as const;

/** Requests to the phone's side, tagged `peer:device`. */
export const PHONE_STEPS = ['pair', 'decide', 'code', 'reset'] as const;

/** Closed value lists of our tags. A value outside its list is sent as `other`. */
export const TAG_VALUES = {
  kind: Object.keys(FLOW_KINDS),
  outcome: OUTCOMES,
  step: PF_STEPS,
  status: [...FLOW_STATUSES, ...OTHER_STATUSES, 'other'],
  platform: ['iPhone', 'Android', 'none'],
} as const satisfies Record<string, readonly string[]>;

/** A tag of our own metrics. (`scenario` and `phase` come from the host.) */
export type MetricTag = keyof typeof TAG_VALUES;

/** A custom metric: its k6 type, what its numbers are, its tags. What one sample means: metric-meanings.ts. */
export interface MetricModel {
  readonly type: 'counter' | 'rate' | 'trend';
  /** `time`: milliseconds. */
  readonly contains: 'default' | 'time';
  readonly tags: readonly MetricTag[];
}

/** Every custom metric. One action, one sample; definitions in design.md, "Metrics, exactly". */
export const METRICS = {
  flows: {
    type: 'counter',
    contains: 'default',
    tags: ['kind'],
  },
  starts_answered: {
    type: 'counter',
    contains: 'default',
    tags: [],
  },
  flow_outcomes: {
    type: 'counter',
    contains: 'default',
    tags: ['kind', 'outcome'],
  },
  outcome_mismatch: {
    type: 'rate',
    contains: 'default',
    tags: ['kind'],
  },
  flow_duration: {
    type: 'trend',
    contains: 'time',
    tags: ['kind'],
  },
  step_duration: {
    type: 'trend',
    contains: 'time',
    tags: ['step'],
  },
  pairing_error_rate: {
    type: 'rate',
    contains: 'default',
    tags: ['platform'],
  },
  pairing_duration: {
    type: 'trend',
    contains: 'time',
    tags: ['platform'],
  },
  poll_duration: { type: 'trend', contains: 'time', tags: [] },
  polls_per_flow: {
    type: 'trend',
    contains: 'default',
    tags: [],
  },
  poll_error_rate: {
    type: 'rate',
    contains: 'default',
    tags: [],
  },
  late_polls: {
    type: 'counter',
    contains: 'default',
    tags: [],
  },
  decision_lag: {
    type: 'trend',
    contains: 'time',
    tags: [],
  },
  unexpected_state: {
    type: 'counter',
    contains: 'default',
    tags: ['status'],
  },
  step_lateness: {
    type: 'trend',
    contains: 'time',
    tags: [],
  },
} as const satisfies Record<string, MetricModel>;

/** Name of a custom metric. */
export type MetricName = keyof typeof METRICS;
