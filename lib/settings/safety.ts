import type { Setting } from '../settings.ts';

/** The simulator calls nobody: caps hold for the other drivers. */
const REAL = { DEVICE_DRIVER: ['file', 'bridge', 'none'] } as const;

/** Settings that keep a run from doing harm. */
export const SAFETY_SETTINGS = {
  USERS_EXHAUSTED: { type: 'choice', allowed: ['stop', 'recycle'], default: '' },
  MAX_PER_USER: { type: 'whole', min: 0, max: 1_000_000, default: '50', only: REAL },
  MAX_SMS: { type: 'whole', min: 0, max: 100_000_000, default: '1000', only: REAL },
  MAX_EMAIL: { type: 'whole', min: 0, max: 100_000_000, default: '1000', only: REAL },
  MAX_PUSH: { type: 'whole', min: 0, max: 100_000_000, default: '10000', only: REAL },
} as const satisfies Record<string, Setting>;

/** What they come to. */
export interface SafetySettings {
  /** What happens when each user was played once. */
  readonly usersExhausted: 'stop' | 'recycle';
  /** Messages of a run: of each channel to one user, and in all. */
  readonly limits: MessageLimits;
}

/** The most messages that a run may cause. */
export interface MessageLimits {
  readonly perUser: number;
  readonly sms: number;
  readonly email: number;
  readonly push: number;
}
