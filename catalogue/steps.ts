import { ACTION_IDS } from '../protocol/action-ids.ts';

/**
 * Requests of a flow as they are on the wire: the start, each action (one of the deployment's own is `customAction`), and what
 * comes after the flow.
 */
export const PF_STEPS = [
  ...(['start', 'readFlow'] as const),
  ...ACTION_IDS,
  ...(['customAction', 'token', 'userinfo', 'introspect'] as const),
] as const;

/** Requests of a flow as a client means them, as `name` tag and as `step`: `wait` is a `readFlow` of a browser that waits. */
export const CLIENT_STEPS = [...PF_STEPS, 'wait'] as const;

/** A request of a flow, as a client means it. */
export type ClientStep = (typeof CLIENT_STEPS)[number];

/** Requests to the phone API, tagged `peer:device`; a bridge is also asked for a `payload`. */
export const PHONE_STEPS = ['pair', 'decide', 'code', 'reset'] as const;
