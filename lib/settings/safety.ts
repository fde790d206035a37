import { choice, number, optional, path, setting, whole } from '../../contract/setting.ts';
import type { ValuesOf } from '../../contract/setting.ts';
import { hosts } from './hosts.ts';

/** The simulator sends no real messages: limits apply to the other drivers. */
const REAL = { DEVICE_DRIVER: ['file', 'bridge', 'none', 'test-device'] };
const MESSAGES = { parse: whole(0, 100_000_000), only: REAL };

/** Who is played, and what prevents a run from doing harm. */
export const USERS = {
  inventory: setting('INVENTORY', {
    parse: path,
    default: 'inventory.json',
    meaning: 'inventory file, or a CSV file (.csv) with a header row; the default is the one next to the bundles',
  }),
  usersExhausted: setting('USERS_EXHAUSTED', {
    parse: optional(choice('stop', 'recycle')),
    meaning:
      'when every user has been used once: stop the run, or reuse them (recycle), after a reset if the driver can; empty: recycle with the simulator, otherwise stop',
  }),
  userOffset: setting('USER_OFFSET', {
    parse: whole(0, 1_000_000_000),
    default: 0,
    meaning:
      'first user to be played, counted from 0 and, behind the last one, from the first again: so that the next run plays others',
  }),
  allowHosts: setting('ALLOW_HOSTS', {
    parse: hosts,
    meaning: 'hosts other than loopback that may be put under load, by exact name, separated by commas',
  }),
};

/** Limits on the messages of a run: to one user, and in total by channel. */
export const LIMITS = {
  perUser: setting('MAX_PER_USER', {
    parse: whole(0, 1_000_000),
    default: 50,
    only: REAL,
    meaning:
      'maximum number of SMS, of emails and of pushes to one user in a run; PingOne allows 50 SMS and 50 emails per day',
  }),
  sms: setting('MAX_SMS', {
    ...MESSAGES,
    default: 1000,
    meaning: 'maximum number of SMS (voice calls and WhatsApp included) in a run',
  }),
  email: setting('MAX_EMAIL', { ...MESSAGES, default: 1000, meaning: 'maximum number of emails in a run' }),
  push: setting('MAX_PUSH', { ...MESSAGES, default: 10_000, meaning: 'maximum number of pushes in a run' }),
};

export type MessageLimits = ValuesOf<typeof LIMITS>;

/** Settings for tests only. */
export const FOR_TESTS = {
  timeScale: setting('TIME_SCALE', {
    parse: number(0.001, 100),
    default: 1,
    meaning: 'factor for think time (delays, polling intervals); for tests',
  }),
  pushDecidedBy: setting('PUSH_DECIDED_BY', {
    parse: choice('time', 'poll'),
    default: 'time',
    meaning:
      'when the phone decides a push: after the time in the inventory, or just before the poll that follows it, so that two hosts make the same requests',
  }),
};
