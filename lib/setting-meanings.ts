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
  PF_CLIENT_AUTH:
    'how the client proves itself: its secret in the body (post) or by HTTP Basic, PKCE, or both; empty: post with a secret, pkce without',
  PF_STATUS_FROM:
    'where the status attribute is: a claim of a token (tokens: of either), of the userinfo answer, or of the introspection of an access token that is no JWT',
  PF_PARAMETERS:
    'more parameters of the authorization request, as acr_values=mfa&pfidpadapterid=mfa&login_hint={{username}}',
  PF_PARAMETERS_FILE: 'a file of such parameters, one a line; the place for those with a key',
  PF_CUSTOM_STATUS: 'status in which a first factor of the deployment’s own is due',
  PF_CUSTOM_ACTION: 'the action that is then performed',
  PF_CUSTOM_BODY: 'its JSON model; {{username}} and {{password}} stand for the user’s',
  PF_HEADERS: 'more headers of every request to PingFederate, as X-Environment: staging; X-Team: sso',
  PF_HEADERS_FILE: 'a file of such headers, one a line; the place for secret ones',
  TLS_CLIENT_CERT: 'client certificate that PingFederate is shown (PEM file)',
  TLS_CLIENT_KEY: 'its key (PEM file)',
  TLS_CLIENT_KEY_PASSWORD: 'password of that key',
  TLS_CLIENT_KEY_PASSWORD_FILE: 'a file that holds the password, instead',
  DEVICE_DRIVER:
    'what stands for the users’ phones: the simulator’s phone API, payloads out of a file, a bridge to real SDKs, or nothing',
  PHONE_URL: 'the phone API; empty: that of the simulator, PF_BASE_URL/phone',
  BRIDGE_URL: 'base URL of the bridge (docs/bridge.md)',
  BRIDGE_TIMEOUT: 'longest answer of the bridge',
  BRIDGE_TOKEN: 'bearer token for the bridge; empty: none',
  BRIDGE_TOKEN_FILE: 'a file that holds the token, instead',
  PAYLOADS: 'file of mobile payloads captured elsewhere, one a line; flow n sends line n',
  PAYLOADS_USE: 'each payload once, or again from the first when they are used up',
  CLIENT_PROFILE: 'which client the users play (docs/clients.md): as the inventory says for each, or one for all',
  CONNECTIONS:
    'reused: a virtual user keeps its connections; per-flow: each flow opens its own, as an app that was just started',
  RETRIES_START: 'attempts after the first to start a flow',
  RETRIES_ACTION:
    'attempts after the first of an action or of the token request, where repeating is safe (docs/clients.md)',
  RETRIES_POLL: 'attempts after the first of a poll or of a GET of the flow',
  RETRY_BACKOFF:
    'pause before the second attempt; each further one doubles it; half of it is jitter; Retry-After wins where it is longer',
  RETRY_BACKOFF_MAX: 'longest pause between two attempts',
  TIMEOUT_START: 'time that a start request may take',
  TIMEOUT_ACTION: 'time that an action or the token request may take',
  TIMEOUT_POLL: 'time that a poll or a GET of the flow may take',
  FLOW_PATIENCE:
    'time after which the user gives up a flow that has not ended: outcome timed_out; not shortened by TIME_SCALE',
  MAX_STATES: 'states after which a flow that leads in circles is left: outcome protocol_error',
  TLS_SKIP_VERIFY: 'accept certificates that cannot be verified',
  ALLOW_HOSTS: 'hosts beside loopback that may be put under load, by exact name, separated by commas',
  ALLOW_UNVERIFIED: 'do not fail the run for tokens without the status attribute',
  USERS_EXHAUSTED:
    'when every user was played once: end the run there, or play them again, reset where the driver can; empty: recycle with the simulator, stop otherwise',
  MAX_PER_USER: 'most SMS, most emails and most pushes to one user in a run; PingOne allows 50 SMS and 50 emails a day',
  MAX_SMS: 'most SMS (calls and WhatsApp included) of a run',
  MAX_EMAIL: 'most emails of a run',
  MAX_PUSH: 'most pushes of a run',
  INVENTORY:
    'users: an inventory file, or a CSV file (.csv) with a header row; the default is that of the package, beside the bundles',
  TIME_SCALE: 'human time (delays, polling intervals) is multiplied by it; for tests',
  MAX_UNEXPECTED:
    'share of flows that may be off the path of their kind (off_path) before the run fails; smoke allows none. Not a threshold: of k6’s runs “pairstorm import” judges it, always by the default',
  PUSH_DECIDED_BY:
    'when the phone decides a push: after the prescribed time, or just before the poll that this time leads to, so that two hosts make the same requests',
  VUS: 'smoke: virtual users at a time; elsewhere the most there may be (empty: worked out from the rate)',
  FLOWS: 'flows to play, the first users of the inventory; the first of all play every kind',
  RATE: 'flow starts per second',
  RAMP: 'time to reach RATE',
  DURATION: 'time at RATE',
  P95_MS:
    'threshold: 95 % of the requests of each step take less, once RATE is reached; capacity: of all requests, at each rate',
  MAX_ERROR_RATE:
    'threshold: the share of failed requests, of failed polls and of flows that ended otherwise than prescribed',
  START_RATE: 'first rate of the search',
  STEP_RATE: 'how much each next rate is higher',
  MAX_RATE: 'where the search ends at the latest',
  STEP_DURATION: 'time at each rate',
  STEADY_DURATION: 'time at RATE before the burst, or before each fault and after the last',
  SPIKE_FACTOR: 'the burst is so many times RATE',
  SPIKE_DURATION: 'time of the burst',
  FAULT_DURATION: 'time of each fault',
  RECOVERY_DURATION:
    'time after burst or fault in which things may still be wrong; recovery is told in twentieths of it',
  FAULTS: 'faults that the simulator is told to make, one after the other, separated by commas',
  FAULT_SHARE: 'share of the users whom each fault hits',
  FAULT_START_URL:
    'a hook of yours (POST) that begins a fault, in the place of the simulator’s; RATE goes on meanwhile',
  FAULT_END_URL: 'the hook that ends it; called once more when the run ends',
  POLL_PHASE:
    'when the first poll of a wait falls: as the client does it (own), put off by a drawn part of the interval (spread), or at the same instants for everybody (aligned)',
};
