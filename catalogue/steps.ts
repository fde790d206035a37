import { ACTION_IDS } from '../protocol/action-ids.ts';

/**
 * Requests of a flow, as tag `name` and as `step`: the start, each action (`customAction` for a custom adapter's), and
 * those after the flow. The GET of a browser that waits for a decision is a `poll`; tag `method` tells them apart.
 */
export const PF_STEPS = [
  ...(['start', 'readFlow'] as const),
  ...ACTION_IDS,
  ...(['customAction', 'token', 'userinfo', 'introspect'] as const),
] as const;

/** A request of a flow. */
export type ClientStep = (typeof PF_STEPS)[number];

/**
 * Name and `peer` of a request by which a client asks again at once after an error while it waits: no step, so that no rate and no
 * latency of one is made of it.
 */
export const STORM = 'storm';

/** Requests to the phone API, tagged `peer:device`; a bridge is also asked for a `payload`. */
export const PHONE_STEPS = ['pair', 'decide', 'code', 'reset'] as const;
