import { ACTION_IDS } from '../protocol/action-ids.ts';

/** Requests of a flow as `name` tag and as `step`: the start, each action, and what comes after the flow. */
export const PF_STEPS = ['start', 'readFlow', ...ACTION_IDS, 'token'] as const;

/** Requests to the phone's side, tagged `peer:device`. */
export const PHONE_STEPS = ['pair', 'decide', 'code', 'reset'] as const;
