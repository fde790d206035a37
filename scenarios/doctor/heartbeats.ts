import http from 'k6/http';
import { PATHS } from '../../protocol/transport.ts';
import { answerHeader } from '../../lib/flow/request-step.ts';
import type { Settings } from '../../lib/settings.ts';
import { checkAddress } from '../../lib/target.ts';
import type { Heartbeats } from './findings.ts';

const TIMES = 3;

/** A Date header has a resolution of a second, so it is half a second old on average. */
const HALF_A_SECOND = 500;

/**
 * Requests PingFederate's heartbeat a few times, to learn reachability, round trip and clock. Throws a
 * ConfigurationError if a loopback name resolves to another address.
 */
export async function readHeartbeats(pf: string, settings: Settings): Promise<Heartbeats> {
  const params = {
    tags: { name: 'heartbeat', peer: 'setup' },
    redirects: 0,
    timeout: '15s',
    headers: settings.headers,
  };
  let leastMs = Infinity;
  let first: Heartbeats | undefined;
  for (let time = 0; time < TIMES; time++) {
    const sentAt = Date.now();
    const res = await http.asyncRequest('GET', pf + PATHS.heartbeat, null, params);
    checkAddress('PF_BASE_URL', pf, res.remote_ip);
    leastMs = Math.min(leastMs, res.timings.duration);
    const date = Date.parse(answerHeader(res, 'date') ?? '');
    first ??= {
      status: res.status,
      error: res.error,
      errorCode: res.error_code,
      address: res.remote_ip,
      tlsVersion: res.tls_version,
      leastMs,
      aheadMs: Number.isNaN(date) ? null : date + HALF_A_SECOND - (sentAt + Date.now()) / 2,
    };
    if (res.status === 0) break;
  }
  return { ...first!, leastMs };
}
