import { choice, duration, setting, whole } from '../../contract/setting.ts';

const retries = whole(0, 10);
const pause = duration(1, 600_000);
const timeout = { parse: duration(10, 600_000), default: '60s' };

/** The client that the users play: which, how it connects, how long it waits (docs/clients.md). */
export const CLIENT = {
  clientProfile: setting('CLIENT_PROFILE', {
    parse: choice('inventory', 'android', 'ios', 'browser'),
    default: 'inventory',
    meaning: 'which client the users play (docs/clients.md): as the inventory says for each, or one for all',
  }),
  connections: setting('CONNECTIONS', {
    parse: choice('reused', 'per-flow'),
    default: 'reused',
    meaning:
      'reused: a virtual user keeps its connections; per-flow: each flow opens its own, as an app that was just started',
  }),
  retryBackoffMs: setting('RETRY_BACKOFF', {
    parse: pause,
    default: '500ms',
    meaning:
      'pause before the second attempt; each further one doubles it; half of it is jitter; Retry-After wins where it is longer',
  }),
  retryBackoffMaxMs: setting('RETRY_BACKOFF_MAX', {
    parse: pause,
    default: '10s',
    meaning: 'longest pause between two attempts',
  }),
  flowPatienceMs: setting('FLOW_PATIENCE', {
    parse: duration(100, 86_400_000),
    default: '10m',
    meaning:
      'time after which the user gives up a flow that has not ended: outcome timed_out; not shortened by TIME_SCALE',
  }),
  maxStates: setting('MAX_STATES', {
    parse: whole(10, 1000),
    default: 40,
    meaning: 'states after which a flow that leads in circles is left: outcome protocol_error',
  }),
  pollPhase: setting('POLL_PHASE', {
    parse: choice('own', 'spread', 'aligned'),
    default: 'own',
    meaning:
      'when the first poll of a wait falls: as the client does it (own), put off by a drawn part of the interval (spread), or at the same instants for everybody (aligned)',
  }),
};

/** Attempts after the first, by class of request. */
export const RETRIES = {
  start: setting('RETRIES_START', { parse: retries, default: 0, meaning: 'attempts after the first to start a flow' }),
  action: setting('RETRIES_ACTION', {
    parse: retries,
    default: 0,
    meaning: 'attempts after the first of an action or of the token request, where repeating is safe (docs/clients.md)',
  }),
  poll: setting('RETRIES_POLL', {
    parse: retries,
    default: 0,
    meaning: 'attempts after the first of a poll or of a GET of the flow',
  }),
};

/** Time that one request may take, by class. */
export const TIMEOUTS = {
  start: setting('TIMEOUT_START', { ...timeout, meaning: 'time that a start request may take' }),
  action: setting('TIMEOUT_ACTION', { ...timeout, meaning: 'time that an action or the token request may take' }),
  poll: setting('TIMEOUT_POLL', { ...timeout, meaning: 'time that a poll or a GET of the flow may take' }),
};

/** Classes of request that are retried and timed out alike: the start, the actions and the token, and what waits or reads. */
export type RequestClass = keyof typeof RETRIES;
