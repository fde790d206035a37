import { choice, number, setting, whole } from '../../contract/setting.ts';

/** PingOne behind the adapter, as a service with limits of its own (protocol.md section 1, overload). */
export const PINGONE_SETTINGS = {
  pingoneWorkers: setting('pingoneWorkers', {
    parse: whole(0),
    default: 0,
    unit: 'requests',
    meaning:
      'requests of the adapter that PingOne serves at the same time, the rest waits there; 0: PingOne is part of the service times, and no limit',
  }),
  pingoneMs: setting('pingoneMs', {
    parse: number(0),
    default: 40,
    unit: 'ms',
    meaning: 'mean time that PingOne takes for a request, exponential; PingFederate’s worker waits for it',
  }),
  pingonePool: setting('pingonePool', {
    parse: whole(1),
    default: 100,
    unit: 'connections',
    meaning: 'connections from PingFederate to PingOne (max-connections-per-route); requests beyond wait for one',
  }),
  pingoneTimeoutMs: setting('pingoneTimeoutMs', {
    parse: whole(1),
    default: 12_000,
    unit: 'ms',
    meaning: 'API Request Timeout of the adapter, the wait for a connection included',
  }),
  pingoneRateLimit: setting('pingoneRateLimit', {
    parse: number(0),
    default: 0,
    unit: 'requests/s',
    meaning: 'requests per second that PingOne takes from PingFederate, 429 beyond; 0: no limit',
  }),
  serviceUnavailable: setting('serviceUnavailable', {
    parse: choice('bypass', 'block'),
    default: 'bypass',
    meaning:
      'Service Unavailable Failure Mode, where PingOne does not answer in time or refuses: the user is let in without MFA, or not at all',
  }),
};
