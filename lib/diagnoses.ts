import { ERROR_REMEDIES } from '../catalogue/error-remedies.ts';
import { PATHS } from '../protocol/transport.ts';
import type { Settings } from './settings.ts';

/**
 * Why a target does not answer as it should, and the remedy. `doctor` and the preflight (preflight.ts) share this
 * table. It is in the planning half of a bundle: virtual users do not evaluate it.
 */
interface Diagnosis {
  /** What is at fault: the connection to the target, its certificate, or what answers there. */
  readonly of: 'connection' | 'certificate' | 'heartbeat';
  readonly found: string;
  readonly remedy: string;
}

/** Result of a heartbeat request. */
export interface HeartbeatAnswer {
  /** HTTP status; 0 without an answer. */
  readonly status: number;
  /** The host's error text and code (k6's table) if nothing answered. */
  readonly error: string;
  readonly errorCode: number;
}

/** A range of codes in k6's table: below 1200 names, below 1300 connections, below 1400 TLS. */
interface Row {
  readonly from: number;
  readonly to: number;
  readonly of: Diagnosis['of'];
  readonly remedy: string;
}

const FIREWALL = 'allow this machine through the firewall (VPN, HTTPS_PROXY), or correct PF_BASE_URL';

/** The first matching row counts. */
const NO_ANSWER: readonly Row[] = [
  { from: 1050, to: 1050, of: 'connection', remedy: FIREWALL },
  {
    ...{ from: 1100, to: 1199, of: 'connection' },
    remedy: 'correct the host in PF_BASE_URL, or make it resolvable on this machine (DNS, VPN, /etc/hosts)',
  },
  { from: 1211, to: 1211, of: 'connection', remedy: FIREWALL },
  {
    ...{ from: 1200, to: 1219, of: 'connection' },
    remedy:
      'start PingFederate there (or "pairstorm simulate"), or correct host and port in PF_BASE_URL (runtime port: 9031)',
  },
  {
    // The engine's own codes: not the target's fault.
    ...{ from: 1280, to: 1299, of: 'connection' },
    remedy: 'free it on this machine: this is not a fault of the target',
  },
  { ...{ from: 1300, to: 1399, of: 'certificate' }, remedy: 'check that it is an https port' },
];

/** Diagnoses a target by its heartbeat; undefined if it is healthy. `proxy`: PROXY_VARIABLE, `''` for none. */
export function diagnose(
  { status, error, errorCode }: HeartbeatAnswer,
  { baseUrl }: Pick<Settings, 'baseUrl'>,
  proxy: string,
): Diagnosis | undefined {
  if (status === 200) return undefined;
  const through = proxy === '' ? '' : `, through the proxy ${proxy}`;
  if (status !== 0) {
    return {
      of: 'heartbeat',
      found: `HTTP ${status}${through}`,
      remedy: `correct the path of PF_BASE_URL, or have the gateway forward the heartbeat ${PATHS.heartbeat} to PingFederate: a run does not start without it`,
    };
  }
  const found = error + through;
  const scheme = baseUrl.startsWith('https:') ? 'http' : 'https';
  const row = NO_ANSWER.find(({ from, to }) => errorCode >= from && errorCode <= to) ?? {
    of: 'connection' as const,
    remedy: `check that it is the runtime port; if it speaks ${scheme}, write ${scheme}:// in PF_BASE_URL`,
  };
  // Behind a proxy, name and connection errors are the proxy's; those of this machine (1281 to 1285) remain its own.
  const isProxys = proxy !== '' && errorCode >= 1050 && errorCode < 1300 && (errorCode < 1281 || errorCode > 1285);
  return {
    of: row.of,
    found,
    remedy:
      ERROR_REMEDIES[errorCode] ??
      (isProxys ? 'start that proxy, correct its variable, or add the host to NO_PROXY' : row.remedy),
  };
}

/** Where a client is configured. [doc: PingFederate, Configuring OAuth clients] */
const CLIENTS = 'in PingFederate: Applications > OAuth > Clients';

/** Remedies by error code of the start request. */
export const START_REFUSED: Readonly<Record<string, string>> = {
  unauthorized_client: `allow redirectless flows for it (${CLIENTS}, "Allow Authentication API Redirectless Mode")`,
  invalid_client: `correct PF_CLIENT_ID, or create that client (${CLIENTS})`,
  invalid_scope: 'correct PF_SCOPE, or allow that scope for the client',
  invalid_request:
    'without a first factor, pass the user: PF_PARAMETERS=login_hint={{username}}; otherwise compare PF_PARAMETERS and PF_CLIENT_AUTH with the client',
};

/** Remedies by error code of the token endpoint. */
export const TOKEN_REFUSED: Readonly<Record<string, string>> = {
  invalid_client: 'correct PF_CLIENT_SECRET (or its file), or PF_CLIENT_AUTH: how the client authenticates',
  invalid_grant: 'check PF_CLIENT_AUTH (does the client require PKCE?), and the lifetime of authorization codes',
  unauthorized_client: 'allow the authorization code grant for the client',
};

/** A client that the token endpoint rejects. */
export type ClientRefused = Pick<Diagnosis, 'found' | 'remedy'>;

/** Diagnosis of a client that is refused before any flow, by its id or its credentials. */
export function clientRefused({ clientId, clientAuth }: Pick<Settings, 'clientId' | 'clientAuth'>): ClientRefused {
  const remedies = [
    START_REFUSED['invalid_client'],
    ...(clientAuth === 'none' ? [] : [TOKEN_REFUSED['invalid_client']]),
  ];
  return { found: `the token endpoint refuses the client ${clientId}: invalid_client`, remedy: remedies.join('; or ') };
}
