import type { Check } from '../../../contract/check-line.ts';
import { PATHS } from '../../../protocol/transport.ts';
import { hostOf, isLoopback } from '../../target.ts';
import { right, unknown, wrong } from '../findings.ts';
import type { Findings } from '../findings.ts';

/** k6's error codes: below 1200 names, below 1300 connections, below 1400 TLS; 1310 and 1311 are certificates. */
const NAME_ERRORS = { from: 1100, to: 1199 };
const TLS_ERRORS = { from: 1300, to: 1399 };
const UNKNOWN_AUTHORITY = 1310;
const OTHER_HOST = 1311;
const TIMEOUTS: readonly number[] = [1050, 1211];

/** A round trip that a load test near its target does not have. */
const FAR_MS = 500;

/** Why nothing else was looked at. */
export const NOT_REACHED = 'the target was not reached';

function isIn({ from, to }: { from: number; to: number }, code: number): boolean {
  return code >= from && code <= to;
}

/** Whether anybody answers where PF_BASE_URL points: name and connection. */
export function reachable({ heartbeats, settings }: Findings): Check {
  const { baseUrl } = settings;
  const { status, errorCode, error, address } = heartbeats;
  const at = address === '' ? '' : ` at ${address}`;
  if (status !== 0) return right('reachable', `${baseUrl} answers${at}`);
  const found = `${baseUrl}: ${error}`;
  if (isIn(TLS_ERRORS, errorCode)) return right('reachable', `${baseUrl} takes connections${at}`);
  if (isIn(NAME_ERRORS, errorCode)) {
    return wrong(
      'reachable',
      found,
      'correct the host in PF_BASE_URL, or let this machine resolve it (DNS, VPN, /etc/hosts)',
    );
  }
  if (TIMEOUTS.includes(errorCode)) {
    return wrong(
      'reachable',
      found,
      'let this machine through the firewall (VPN, HTTPS_PROXY), or correct PF_BASE_URL',
    );
  }
  if (errorCode >= 1200 && errorCode < 1220) {
    return wrong(
      'reachable',
      found,
      'start PingFederate there, or correct host and port of PF_BASE_URL (runtime port: 9031)',
    );
  }
  const scheme = baseUrl.startsWith('https:') ? 'http' : 'https';
  return wrong('reachable', found, `is it the runtime port? If it speaks ${scheme}, write ${scheme}:// in PF_BASE_URL`);
}

/** The certificate, as far as this machine checks it. */
export function tls({ heartbeats, settings }: Findings): Check {
  const { baseUrl, tlsSkipVerify } = settings;
  const { status, errorCode, error, tlsVersion } = heartbeats;
  if (!baseUrl.startsWith('https:')) {
    if (status === 0) return unknown('tls', NOT_REACHED);
    if (isLoopback(hostOf(baseUrl) ?? '')) return right('tls', 'plain HTTP, which stays on this machine');
    return unknown(
      'tls',
      'plain HTTP: passwords travel in the clear',
      'write https:// in PF_BASE_URL, unless that is meant',
    );
  }
  if (status === 0) {
    if (errorCode === UNKNOWN_AUTHORITY) {
      return wrong(
        'tls',
        error,
        'trust its authority (NODE_EXTRA_CA_CERTS=ca.pem in the environment), or, for a test deployment, set TLS_SKIP_VERIFY=true',
      );
    }
    if (errorCode === OTHER_HOST) {
      return wrong('tls', error, 'write a host name of the certificate in PF_BASE_URL, or set TLS_SKIP_VERIFY=true');
    }
    if (!isIn(TLS_ERRORS, errorCode)) return unknown('tls', NOT_REACHED);
    return wrong(
      'tls',
      error,
      'is it an https port, and does it ask for a client certificate (TLS_CLIENT_CERT, TLS_CLIENT_KEY)? Look at the dates of its own, too',
    );
  }
  if (tlsSkipVerify) {
    return unknown(
      'tls',
      'the certificate was not looked at (TLS_SKIP_VERIFY=true)',
      'leave TLS_SKIP_VERIFY out to have it checked',
    );
  }
  return right(
    'tls',
    `${tlsVersion === '' ? 'TLS' : tlsVersion.toUpperCase().replace('TLSV', 'TLS ')}, certificate trusted`,
  );
}

/** PingFederate's heartbeat, which a run asks for before its load. */
export function heartbeat({ heartbeats: { status } }: Findings): Check {
  if (status === 0) return unknown('heartbeat', NOT_REACHED);
  if (status === 200) return right('heartbeat', `${PATHS.heartbeat} says 200`);
  return wrong(
    'heartbeat',
    `${PATHS.heartbeat} says HTTP ${status}`,
    'correct the path of PF_BASE_URL, or let the gateway pass the heartbeat to PingFederate: a run does not start without it',
  );
}

/** The network's share of every latency. */
export function roundTrip({ heartbeats: { status, leastMs } }: Findings): Check {
  if (status === 0) return unknown('round_trip', NOT_REACHED);
  const found = `${leastMs.toFixed(1)} ms, the least of three heartbeats`;
  if (leastMs < FAR_MS) return right('round_trip', found);
  return wrong(
    'round_trip',
    found,
    'run the load from a machine near the target: every latency would hold this time, and thresholds fail by it',
  );
}
