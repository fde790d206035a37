import { choice, duration, number, orFile, setting, whole } from '../../contract/setting.ts';

const retries = whole(0, 10);
const pause = duration(1, 600_000);
const storm = number(0.1, 100_000);
const timeout = { parse: duration(10, 600_000), default: '60s' };

/** The client that users play: which one, how it connects, how long it waits (docs/clients.md). */
export const CLIENT = {
  clientProfile: setting('CLIENT_PROFILE', {
    parse: orFile('.json', choice('inventory', 'android', 'ios', 'browser')),
    default: 'inventory',
    meaning:
      'client profile (docs/clients.md): the one that the inventory gives each user, one for all, or the file of an app of your own (.json)',
  }),
  connections: setting('CONNECTIONS', {
    parse: choice('reused', 'per-flow'),
    default: 'reused',
    meaning: 'reused: a VU keeps its connections; per-flow: each flow opens its own, like an app that was just started',
  }),
  resendOnReused: setting('RESEND_ON_REUSED', {
    parse: choice('profile', 'always', 'never'),
    default: 'profile',
    meaning:
      'requests sent again when the reused connection turns out to be closed, as a load balancer does with idle ones: those that the client profile sends again (profile), all, or none; on the embedded engine only',
  }),
  retryBackoffMs: setting('RETRY_BACKOFF', {
    parse: pause,
    default: '500ms',
    meaning:
      'pause before the first retry; doubles with each further one; half of it is jitter; a longer Retry-After takes precedence',
  }),
  retryBackoffMaxMs: setting('RETRY_BACKOFF_MAX', {
    parse: pause,
    default: '10s',
    meaning: 'maximum pause between two attempts',
  }),
  flowPatienceMs: setting('FLOW_PATIENCE', {
    parse: duration(100, 86_400_000),
    default: '10m',
    meaning: 'time after which the user gives up an unfinished flow (outcome timed_out); not scaled by TIME_SCALE',
  }),
  stormMaxPerUser: setting('STORM_MAX_PER_USER', {
    parse: storm,
    default: 100,
    unit: 'requests/s',
    meaning: 'maximum rate at which one user asks again after an error while waiting (docs/clients.md)',
  }),
  stormMax: setting('STORM_MAX', {
    parse: storm,
    default: 2000,
    unit: 'requests/s',
    meaning: 'the same for all users of the run together: each virtual user at work gets an equal share',
  }),
  maxStates: setting('MAX_STATES', {
    parse: whole(10, 1000),
    default: 40,
    meaning: 'number of states after which a flow that goes in circles is aborted (outcome protocol_error)',
  }),
  pollPhase: setting('POLL_PHASE', {
    parse: choice('own', 'spread', 'aligned'),
    default: 'own',
    meaning:
      'time of the first poll of a wait: as the client does it (own), delayed by a random part of the interval (spread), or at the same instants for all (aligned)',
  }),
};

/** Retries by class of request. */
export const RETRIES = {
  start: setting('RETRIES_START', { parse: retries, default: 0, meaning: 'retries of a start request' }),
  action: setting('RETRIES_ACTION', {
    parse: retries,
    default: 0,
    meaning: 'retries of an action or of the token request, where repeating is safe (docs/clients.md)',
  }),
  poll: setting('RETRIES_POLL', {
    parse: retries,
    default: 0,
    meaning: 'retries of a poll or of a GET of the flow',
  }),
};

/** Timeouts by class of request. */
export const TIMEOUTS = {
  start: setting('TIMEOUT_START', { ...timeout, meaning: 'timeout of a start request' }),
  action: setting('TIMEOUT_ACTION', { ...timeout, meaning: 'timeout of an action or of the token request' }),
  poll: setting('TIMEOUT_POLL', { ...timeout, meaning: 'timeout of a poll or of a GET of the flow' }),
};

/** Classes of request with the same retries and timeout: the start; actions and the token; polls and reads. */
export type RequestClass = keyof typeof RETRIES;
