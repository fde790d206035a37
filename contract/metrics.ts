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
  outcome: Object.keys(OUTCOMES),
  step: PF_STEPS,
  status: [...FLOW_STATUSES, ...OTHER_STATUSES, 'other'],
  platform: ['iPhone', 'Android', 'none'],
} as const satisfies Record<string, readonly string[]>;

/** A tag of our own metrics. (`scenario` and `phase` come from the host.) */
export type MetricTag = keyof typeof TAG_VALUES;

/** A custom metric: its k6 type, what its numbers are, its tags and what one sample means. */
export interface MetricModel {
  readonly type: 'counter' | 'rate' | 'trend';
  /** `time`: milliseconds. */
  readonly contains: 'default' | 'time';
  readonly tags: readonly MetricTag[];
  readonly meaning: string;
}

/** Every custom metric. One action, one sample; definitions in design.md, "Metrics, exactly". */
export const METRICS = {
  flows: {
    type: 'counter',
    contains: 'default',
    tags: ['kind'],
    meaning: 'flows started, counted before the first request',
  },
  starts_answered: {
    type: 'counter',
    contains: 'default',
    tags: [],
    meaning: 'start requests that got an HTTP answer; flows − this = starts without an answer',
  },
  flow_outcomes: {
    type: 'counter',
    contains: 'default',
    tags: ['kind', 'outcome'],
    meaning: 'flows ended, by prescribed kind and observed outcome',
  },
  outcome_mismatch: {
    type: 'rate',
    contains: 'default',
    tags: ['kind'],
    meaning: 'share of ended flows whose outcome was not the prescribed one',
  },
  flow_duration: {
    type: 'trend',
    contains: 'time',
    tags: ['kind'],
    meaning: 'machine time of a flow: sum of the durations of its PingFederate requests',
  },
  step_duration: {
    type: 'trend',
    contains: 'time',
    tags: ['step'],
    meaning: 'duration of one PingFederate request of a flow, by step; errors included',
  },
  pairing_error_rate: {
    type: 'rate',
    contains: 'default',
    tags: ['platform'],
    meaning: 'share of pairing_error among flows that reached pairing and whose status attribute was read',
  },
  pairing_duration: {
    type: 'trend',
    contains: 'time',
    tags: ['platform'],
    meaning: 'sum of PingFederate request time from authenticate to the token, of flows that reached pairing',
  },
  poll_duration: { type: 'trend', contains: 'time', tags: [], meaning: 'duration of one poll' },
  polls_per_flow: {
    type: 'trend',
    contains: 'default',
    tags: [],
    meaning: 'polls of one wait for a decision, however it ended',
  },
  poll_error_rate: {
    type: 'rate',
    contains: 'default',
    tags: [],
    meaning: 'share of polls not answered with a flow resource; late polls not counted',
  },
  late_polls: {
    type: 'counter',
    contains: 'default',
    tags: [],
    meaning: 'polls answered after the state had moved (overlapping polls; no error)',
  },
  decision_lag: {
    type: 'trend',
    contains: 'time',
    tags: [],
    meaning: "from the phone API's answer to the decision to the end of the first flow answer that shows a new state",
  },
  unexpected_state: {
    type: 'counter',
    contains: 'default',
    tags: ['status'],
    meaning: 'states that the inventory did not lead one to expect, or that nobody drives',
  },
  step_lateness: {
    type: 'trend',
    contains: 'time',
    tags: [],
    meaning: 'how late a timer of a virtual user fired: the harness waiting, not the target',
  },
} as const satisfies Record<string, MetricModel>;

/** Name of a custom metric. */
export type MetricName = keyof typeof METRICS;
