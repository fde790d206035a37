import type { ClientProfileName } from '../../protocol/client-profiles.ts';
import type { Setting } from '../settings.ts';

const RETRIES = { type: 'whole', min: 0, max: 10, default: '0' } as const satisfies Setting;
const TIMEOUT = { type: 'duration', min: 10, max: 600_000, default: '60s' } as const satisfies Setting;

/** Settings of the client that the users play: which, how it connects, what it repeats, how long it waits (docs/clients.md). */
export const CLIENT_SETTINGS = {
  CLIENT_PROFILE: { type: 'choice', allowed: ['inventory', 'android', 'ios', 'browser'], default: 'inventory' },
  CONNECTIONS: { type: 'choice', allowed: ['reused', 'per-flow'], default: 'reused' },
  RETRIES_START: RETRIES,
  RETRIES_ACTION: RETRIES,
  RETRIES_POLL: RETRIES,
  RETRY_BACKOFF: { type: 'duration', min: 1, max: 600_000, default: '500ms' },
  RETRY_BACKOFF_MAX: { type: 'duration', min: 1, max: 600_000, default: '10s' },
  TIMEOUT_START: TIMEOUT,
  TIMEOUT_ACTION: TIMEOUT,
  TIMEOUT_POLL: TIMEOUT,
  FLOW_PATIENCE: { type: 'duration', min: 100, max: 86_400_000, default: '10m' },
  MAX_STATES: { type: 'whole', min: 10, max: 1000, default: '40' },
} as const satisfies Record<string, Setting>;

/** Classes of request that are retried and timed out alike: the start, the actions and the token, and what waits or reads. */
export type RequestClass = 'start' | 'action' | 'poll';

/** What they come to. Durations in milliseconds. */
export interface ClientSettings {
  readonly clientProfile: 'inventory' | ClientProfileName;
  readonly connections: 'reused' | 'per-flow';
  /** Attempts after the first, by class of request. */
  readonly retries: Readonly<Record<RequestClass, number>>;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  /** Time that one request may take, by class. */
  readonly timeoutMs: Readonly<Record<RequestClass, number>>;
  readonly flowPatienceMs: number;
  readonly maxStates: number;
}

type Name = keyof typeof CLIENT_SETTINGS;

/** Reads them; `read` and `ms` give checked values. Refuses a pause before retries where there are none. */
export function readClient(
  read: (name: Name) => string,
  ms: (name: Name) => number,
  isGiven: (name: Name) => boolean,
  refuse: (wrong: string) => void,
): ClientSettings {
  const pauses = (['RETRY_BACKOFF', 'RETRY_BACKOFF_MAX'] as const).filter(isGiven);
  const classes = ['RETRIES_START', 'RETRIES_ACTION', 'RETRIES_POLL'] as const;
  if (classes.every((name) => Number(read(name)) === 0)) {
    for (const name of pauses) refuse(`${name} has no effect without retries; set one of ${classes.join(', ')} too`);
  }
  return {
    clientProfile: read('CLIENT_PROFILE') as ClientSettings['clientProfile'],
    connections: read('CONNECTIONS') as ClientSettings['connections'],
    retries: {
      start: Number(read('RETRIES_START')),
      action: Number(read('RETRIES_ACTION')),
      poll: Number(read('RETRIES_POLL')),
    },
    retryBackoffMs: ms('RETRY_BACKOFF'),
    retryBackoffMaxMs: ms('RETRY_BACKOFF_MAX'),
    timeoutMs: { start: ms('TIMEOUT_START'), action: ms('TIMEOUT_ACTION'), poll: ms('TIMEOUT_POLL') },
    flowPatienceMs: ms('FLOW_PATIENCE'),
    maxStates: Number(read('MAX_STATES')),
  };
}
