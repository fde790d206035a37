import type { SettingName } from './settings.ts';

/**
 * What each setting means, for help texts and docs/settings.md. Apart from the table in settings.ts, because virtual users
 * carry that one along.
 */
export const SETTING_MEANINGS: Readonly<Record<SettingName, string>> = {
  PF_BASE_URL: 'base URL of PingFederate’s runtime; all other URLs are built from it',
  PF_CLIENT_ID: 'OAuth client that may use pi.flow',
  PF_CLIENT_SECRET: 'its secret, sent in the token request; empty: a public client with PKCE (S256)',
  PF_CLIENT_SECRET_FILE: 'a file that holds the secret, instead',
  PF_SCOPE: 'scope of the authorization request',
  PF_STATUS_CLAIM: 'claim that carries the status attribute; empty: both documented names are read',
  PF_STATE: 'how the client carries its session: the PF cookie, or X-Pf-Authn-Api-State',
  PF_ACTION_STYLE: 'how an action is named: by media type, or by ?action= with application/json',
  PHONE_URL: 'payload driver: the phone API; empty: that of the simulator, PF_BASE_URL/phone',
  TLS_SKIP_VERIFY: 'accept certificates that cannot be verified',
  ALLOW_HOSTS: 'hosts beside loopback that may be put under load, by exact name, separated by commas',
  ALLOW_UNVERIFIED: 'do not fail the run for tokens without the status attribute',
  INVENTORY: 'inventory file: absolute, or beside the bundle',
  TIME_SCALE: 'human time (delays, polling intervals) is multiplied by it; for tests',
  PUSH_DECIDED_BY:
    'when the phone decides a push: after the prescribed time, or just before the poll that this time leads to, so that two hosts make the same requests',
  VUS: 'smoke: virtual users at a time; load, soak: the most there may be (empty: worked out from RATE)',
  FLOWS: 'flows to play, the first users of the inventory; the first of all play every kind',
  RATE: 'flow starts per second',
  RAMP: 'time to reach RATE',
  DURATION: 'time at RATE',
  P95_MS: 'threshold: 95 % of the requests of each step take less, once RATE is reached',
};
