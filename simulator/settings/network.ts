import { Wrong, choice, flag, matching, number, setting, whole } from '../../contract/setting.ts';
import type { Parser } from '../../contract/setting.ts';
import { RUNTIME_PORT } from '../../protocol/transport.ts';

/** Origins as a browser writes them (Fetch Standard): scheme, host and port. */
const origins: Parser<readonly string[]> = {
  type: 'list',
  none: [],
  read: (given) => {
    const words = String(given).split(',');
    const stranger = words.find((word) => !URL.canParse(word) || new URL(word).origin !== word);
    return stranger === undefined ? words : new Wrong('write origins like https://app.example.com');
  },
};

/** Listen address, and how the simulator appears from outside. */
export const NETWORK_SETTINGS = {
  host: setting('host', {
    parse: matching(/^[\w.:-]+$/, 'a host name or an IP address'),
    default: '127.0.0.1',
    unit: 'address',
    meaning: 'address to listen on',
  }),
  port: setting('port', {
    parse: whole(0, 65_535),
    default: RUNTIME_PORT,
    unit: 'port',
    meaning: 'port to listen on; 0 takes a free one',
  }),
  tls: setting('tls', {
    parse: flag,
    default: false,
    unit: 'yes/no',
    meaning: 'HTTPS with a self-signed certificate, made at startup',
  }),
  baseUrl: setting('baseUrl', {
    parse: matching(/^(https?:\/\/[^\s]*[^\s/])?$/, 'an http or https URL without a trailing slash'),
    unit: 'URL',
    meaning: 'issuer and base of _links; empty: the address it listens on',
  }),
  corsOrigins: setting('corsOrigins', {
    parse: origins,
    unit: 'origins',
    meaning:
      'origins of web pages that may use the Authentication API (CORS), such as http://localhost:8080; several: comma between',
  }),
  heartbeat: setting('heartbeat', {
    parse: choice('on', 'off'),
    default: 'on',
    meaning: 'off: /pf/heartbeat.ping answers 404',
  }),
  roundTripMs: setting('roundTripMs', {
    parse: number(0, 60_000),
    default: 0,
    unit: 'ms',
    meaning: 'network latency: added to every response, without occupying a worker',
  }),
  clockSkewS: setting('clockSkewS', {
    parse: number(-86_400, 86_400),
    default: 0,
    unit: 's',
    meaning: 'clock error: how far the Date header, tokens and TOTPs are ahead; negative: behind',
  }),
  rateLimit: setting('rateLimit', {
    parse: number(0),
    default: 0,
    unit: 'requests/s',
    meaning:
      'requests to PingFederate per second from all addresses together, 429 beyond; 0: no limit, and no rate limit headers',
  }),
  addressShare: setting('addressShare', {
    parse: number(0.001, 1),
    default: 0.35,
    unit: 'share',
    meaning: 'share of rateLimit that one source address may use (PingOne: 35 %)',
  }),
};
