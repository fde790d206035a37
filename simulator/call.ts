import type { IncomingHttpHeaders } from 'node:http';
import type { PF_STEPS, PHONE_STEPS } from '../catalogue/steps.ts';

/** A request as the checks and handlers see it. */
export interface Call {
  readonly method: string;
  /** Path and query as they came. */
  readonly url: string;
  /** Flow id of the path; empty for other endpoints. */
  readonly flowId: string;
  readonly headers: IncomingHttpHeaders;
  /** Body as text, undecoded; empty if there was none. */
  readonly body: string;
  /** Address that it came from. */
  readonly address: string;
  /** Milliseconds of the simulator's clock when the request came in, before any queue. */
  readonly arrivedAt: number;
}

/** Query of the call. */
export function queryOf(call: Call): URLSearchParams {
  const at = call.url.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : call.url.slice(at + 1));
}

/** Media type of the call's body, without parameters; empty if none was named. */
export function mediaTypeOf(call: Call): string {
  const header = call.headers['content-type'] ?? '';
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim();
}

/** Steps that only the simulator knows. */
type OwnStep = 'preflight' | 'jwks' | 'discovery' | 'heartbeat' | 'admin' | 'unknown';

/** What a request is, for latency and metrics: a closed list. */
export type SimulatorStep = (typeof PF_STEPS)[number] | (typeof PHONE_STEPS)[number] | OwnStep;
