import { LIFETIMES } from '../../contract/lifetimes.ts';
import { MILLISECONDS, SWITCH } from './model.ts';
import type { SettingTable, Switch } from './model.ts';

/** How long things live, how long answers take, how many are served at a time. */
export interface PaceSettings {
  readonly timeScale: number;
  readonly flowIdleMs: number;
  readonly pushMs: number;
  readonly otpMs: number;
  readonly latency: Switch;
  readonly latencyMs: number;
  readonly latencyScale: number;
  readonly latencySigma: number;
  readonly workers: number;
  readonly queueLimit: number;
  readonly seed: number;
}

export const PACE_SETTINGS: SettingTable<PaceSettings> = {
  timeScale: {
    default: 1,
    unit: 'factor',
    min: 0.001,
    meaning: 'multiplies all lifetimes, as TIME_SCALE does human time; for tests and quick runs',
  },
  flowIdleMs: {
    ...MILLISECONDS,
    default: LIFETIMES.flowIdleMs,
    meaning: 'a flow without a request for so long is gone',
  },
  pushMs: {
    ...MILLISECONDS,
    default: LIFETIMES.pushMs,
    meaning: 'a push that nobody answers for so long has timed out',
  },
  otpMs: { ...MILLISECONDS, default: LIFETIMES.otpMs, meaning: 'lifetime of a code by SMS, email or voice' },
  latency: {
    ...SWITCH,
    default: 'on',
    meaning: 'seeded log-normal service time of each endpoint (table in latency.ts)',
  },
  latencyMs: {
    default: 0,
    unit: 'ms',
    min: 0,
    meaning: 'median service time of every endpoint alike; 0: each has its own (table in latency.ts)',
  },
  latencyScale: { default: 1, unit: 'factor', min: 0, meaning: 'multiplies every service time' },
  latencySigma: { default: 0.4, unit: 'σ of ln', min: 0, max: 3, meaning: 'spread of the service times' },
  workers: {
    default: 32,
    unit: 'workers',
    min: 0,
    whole: true,
    meaning: 'requests served at the same time, the rest queues; 0: no limit',
  },
  queueLimit: { default: 1000, unit: 'requests', min: 0, whole: true, meaning: 'requests that may queue; beyond: 503' },
  seed: {
    default: 1,
    unit: 'number',
    min: 0,
    max: 0xffff_ffff,
    whole: true,
    meaning: 'seed of codes, ids, latencies, and of faults without one of their own',
  },
};
