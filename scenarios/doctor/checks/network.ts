import type { Check } from '../line.ts';
import { PATHS } from '../../../protocol/transport.ts';
import { diagnose } from '../../../lib/diagnoses.ts';
import { hostOf, isLoopback } from '../../../lib/target.ts';
import { right, unknown, foundWrong } from '../findings.ts';
import type { Findings } from '../findings.ts';

/** A round trip this long means that the load generator is not near the target. */
const FAR_MS = 500;

/** Reason for all checks that need the target. */
export const NOT_REACHED = 'the target was not reached';

/** Name resolution and connection to PF_BASE_URL. */
export function reachable({ heartbeats, settings, proxy }: Findings): Check {
  const { baseUrl } = settings;
  const { status, address } = heartbeats;
  const at = address === '' ? '' : ` at ${address}`;
  if (status !== 0) return right('reachable', `${baseUrl} answers${at}`);
  const wrongWith = diagnose(heartbeats, settings, proxy)!;
  if (wrongWith.of === 'certificate') return right('reachable', `${baseUrl} accepts connections${at}`);
  return foundWrong('reachable', `${baseUrl}: ${wrongWith.found}`, wrongWith.remedy);
}

/** The target's certificate, as verified on this machine. */
export function tls({ heartbeats, settings, proxy }: Findings): Check {
  const { baseUrl, tlsSkipVerify } = settings;
  const { status, tlsVersion } = heartbeats;
  if (!baseUrl.startsWith('https:')) {
    if (status === 0) return unknown('tls', NOT_REACHED);
    if (isLoopback(hostOf(baseUrl) ?? '')) return right('tls', 'plain HTTP, but only on this machine');
    return unknown(
      'tls',
      'plain HTTP: passwords are sent in the clear',
      'write https:// in PF_BASE_URL, unless plain HTTP is intended',
    );
  }
  if (status === 0) {
    const { of, found, remedy } = diagnose(heartbeats, settings, proxy)!;
    return of === 'certificate' ? foundWrong('tls', found, remedy) : unknown('tls', NOT_REACHED);
  }
  if (tlsSkipVerify) {
    return unknown(
      'tls',
      'the certificate was not verified (TLS_SKIP_VERIFY=true)',
      'leave out TLS_SKIP_VERIFY to verify it',
    );
  }
  return right(
    'tls',
    `${tlsVersion === '' ? 'TLS' : tlsVersion.toUpperCase().replace('TLSV', 'TLS ')}, certificate trusted`,
  );
}

/** PingFederate's heartbeat, which every run requires before its load. */
export function heartbeat({ heartbeats, settings, proxy }: Findings): Check {
  if (heartbeats.status === 0) return unknown('heartbeat', NOT_REACHED);
  const wrongWith = diagnose(heartbeats, settings, proxy);
  if (wrongWith === undefined) return right('heartbeat', `${PATHS.heartbeat}: HTTP 200`);
  return foundWrong('heartbeat', `${PATHS.heartbeat}: ${wrongWith.found}`, wrongWith.remedy);
}

/** The network's share of every latency. */
export function roundTrip({ heartbeats: { status, leastMs } }: Findings): Check {
  if (status === 0) return unknown('round_trip', NOT_REACHED);
  const found = `${leastMs.toFixed(1)} ms, the fastest of three heartbeats`;
  if (leastMs < FAR_MS) return right('round_trip', found);
  return foundWrong(
    'round_trip',
    found,
    'run the load from a machine near the target: every latency would include this time, and thresholds would fail',
  );
}
