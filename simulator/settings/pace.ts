import { LIFETIMES } from '../wire/lifetimes.ts';
import { choice, number, setting, whole } from '../../contract/setting.ts';

/** Lifetimes are multiplied by `timeScale`. */
export const LIFETIME = { parse: number(1), unit: 'ms of think time' };

/** Lifetimes, service times and concurrency. */
export const PACE_SETTINGS = {
  timeScale: setting('timeScale', {
    parse: number(0.001),
    default: 1,
    unit: 'factor',
    meaning: 'factor for all lifetimes, as TIME_SCALE is for think time; for tests and quick runs',
  }),
  flowIdleMs: setting('flowIdleMs', {
    ...LIFETIME,
    default: LIFETIMES.flowIdleMs,
    meaning: 'idle time after which a flow expires',
  }),
  pushMs: setting('pushMs', {
    ...LIFETIME,
    default: LIFETIMES.pushMs,
    meaning: 'time after which an unanswered push times out',
  }),
  otpMs: setting('otpMs', {
    ...LIFETIME,
    default: LIFETIMES.otpMs,
    meaning: 'lifetime of a code by SMS, email or voice',
  }),
  latency: setting('latency', {
    parse: choice('on', 'off'),
    default: 'on',
    meaning: 'seeded log-normal service time of each endpoint (table in latency.ts)',
  }),
  latencyMs: setting('latencyMs', {
    parse: number(0),
    default: 0,
    unit: 'ms',
    meaning: 'median service time of all endpoints; 0: each has its own (table in latency.ts)',
  }),
  latencyScale: setting('latencyScale', {
    parse: number(0),
    default: 1,
    unit: 'factor',
    meaning: 'factor for all service times',
  }),
  latencyShape: setting('latencyShape', {
    parse: choice('lognormal', 'exponential', 'fixed'),
    default: 'lognormal',
    meaning: 'how service times scatter around latencyMs, which of exponential ones is the mean',
  }),
  latencySigma: setting('latencySigma', {
    parse: number(0, 3),
    default: 0.4,
    unit: 'σ of ln',
    meaning: 'spread of the service times',
  }),
  workers: setting('workers', {
    parse: whole(0),
    default: 32,
    unit: 'workers',
    meaning: 'requests served at the same time, the rest is queued; 0: no limit',
  }),
  pauseEveryMs: setting('pauseEveryMs', {
    parse: whole(0),
    default: 0,
    unit: 'ms',
    meaning: 'every so often all workers stand still, as while a garbage collector runs; 0: never',
  }),
  pauseMs: setting('pauseMs', {
    parse: whole(1),
    default: 150,
    unit: 'ms',
    meaning: 'how long they stand still',
  }),
  coldRequests: setting('coldRequests', {
    parse: whole(0),
    default: 0,
    unit: 'requests',
    meaning: 'so many requests take longer until a cache is warm, the first four times as long, the last hardly',
  }),
  coldAtQueue: setting('coldAtQueue', {
    parse: whole(0),
    default: 0,
    unit: 'requests',
    meaning: 'so many queued requests make the cache cold again; 0: it stays warm',
  }),
  queueLimit: setting('queueLimit', {
    parse: whole(0),
    default: 1000,
    unit: 'requests',
    meaning: 'requests that may be queued, 503 beyond',
  }),
  acceptQueue: setting('acceptQueue', {
    parse: whole(0),
    default: 0,
    unit: 'requests',
    meaning:
      'while so many requests wait for a worker, new connections are closed at once, as by a full accept queue (PingFederate’s has 512 places); 0: never',
  }),
  seed: setting('seed', {
    parse: whole(0, 0xffff_ffff),
    default: 1,
    unit: 'number',
    meaning: 'seed of codes, ids, latencies, and of faults without their own seed',
  }),
};
