import { RUNTIME_PORT } from '../../protocol/transport.ts';
import { SWITCH } from './model.ts';
import type { SettingTable, Switch } from './model.ts';

/** Where it listens, and how it is seen from outside. */
export interface NetworkSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly baseUrl: string;
  readonly heartbeat: Switch;
  readonly roundTripMs: number;
  readonly clockSkewS: number;
  readonly rateLimit: number;
  readonly addressShare: number;
}

export const NETWORK_SETTINGS: SettingTable<NetworkSettings> = {
  host: {
    default: '127.0.0.1',
    unit: 'address',
    meaning: 'address to listen on',
    form: { pattern: /^[\w.:-]+$/, words: 'a host name or an IP address' },
  },
  port: {
    default: RUNTIME_PORT,
    unit: 'port',
    min: 0,
    max: 65_535,
    whole: true,
    meaning: 'port to listen on; 0 takes a free one',
  },
  tls: { default: false, unit: 'yes/no', meaning: 'HTTPS with a self-signed certificate made at the start' },
  baseUrl: {
    default: '',
    unit: 'URL',
    meaning: 'issuer and base of _links; empty: the address it listens on',
    form: { pattern: /^(https?:\/\/[^\s]*[^\s/])?$/, words: 'a URL that begins with http and ends without a slash' },
  },
  heartbeat: { ...SWITCH, default: 'on', meaning: 'off: /pf/heartbeat.ping is not there (404)' },
  roundTripMs: {
    default: 0,
    unit: 'ms',
    min: 0,
    max: 60_000,
    meaning: 'a slow network: so long is added to every answer, and takes no worker',
  },
  clockSkewS: {
    default: 0,
    unit: 's',
    min: -86_400,
    max: 86_400,
    meaning: 'a wrong clock: so far ahead are the Date header, the tokens and the TOTPs; behind, if negative',
  },
  rateLimit: {
    default: 0,
    unit: 'requests/s',
    min: 0,
    meaning:
      "requests to PingFederate per second from all addresses together, beyond: 429; 0: no limit, and no limit's headers",
  },
  addressShare: {
    default: 0.35,
    unit: 'share',
    min: 0.001,
    max: 1,
    meaning: 'share of rateLimit that one source address may use (PingOne: 35 %)',
  },
};
