import type { IncomingHttpHeaders } from 'node:http';
import type { PF_STEPS, PHONE_STEPS } from '../catalogue/steps.ts';

/** A request as checks and handlers see it. */
export interface Call {
  readonly method: string;
  /** Path and query, unchanged. */
  readonly url: string;
  /** Flow id in the path; empty for other endpoints. */
  readonly flowId: string;
  readonly headers: IncomingHttpHeaders;
  /** The raw body; empty if there was none. */
  readonly body: string;
  /** Source address. */
  readonly address: string;
  /** Time of arrival before queueing, in milliseconds of the simulator's clock. */
  readonly arrivedAt: number;
}

export function queryOf(call: Call): URLSearchParams {
  const at = call.url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : call.url.slice(at + 1));
}

/** Media type of the body without parameters; empty if absent. */
export function mediaTypeOf(call: Call): string {
  const header = call.headers['content-type'] ?? '';
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim();
}

/** Steps that exist only in the simulator. */
type OwnStep = 'preflight' | 'jwks' | 'discovery' | 'heartbeat' | 'admin' | 'unknown';

/** Kinds of requests for latency and metrics, a closed list. */
export type SimulatorStep = (typeof PF_STEPS)[number] | (typeof PHONE_STEPS)[number] | OwnStep;
