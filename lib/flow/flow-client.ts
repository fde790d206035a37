import http from 'k6/http';
import type { CookieJar } from 'k6/http';
import type { FailureStep } from '../../contract/failure-line.ts';
import type { ClientProfile } from '../../protocol/client-profiles.ts';
import type { HttpAnswer } from '../json-object.ts';
import type { PlayedSettings } from '../played-plan.ts';
import type { HumanTime } from '../think-time.ts';
import type { FlowWatch } from './flow-watch.ts';
import { statusName } from './words.ts';

/** What plays a flow, and how. */
interface ClientOfFlow {
  readonly settings: PlayedSettings;
  /** PingFederate's base URL. */
  readonly pf: string;
  readonly profile: ClientProfile;
  readonly time: HumanTime;
  /** Unix milliseconds after which nothing is retried. */
  readonly deadline: number;
  /** Distinguishes the user in random draws. */
  readonly key: string;
  /** Notified of each request. */
  readonly watch?: FlowWatch | undefined;
}

/** A client's storm: its length, the first error, and the cap that slowed it down. */
export interface Storm {
  readonly ms: number;
  readonly http: string;
  readonly held: 'no' | 'user' | 'run';
}

/**
 * Client of one flow of the Authentication API: updates cookie, flow id and state from each answer, measures each
 * request once, and keeps the steps for a failure report. One per flow. A plain object and functions, no class: each
 * virtual user evaluates this module, and V8 gives a class evaluated a thousand times as many hidden classes, so that
 * every access to a field misses its caches (bench/RESULTS.md).
 */
export interface FlowClient extends ClientOfFlow {
  readonly jar: CookieJar;
  /** Both the real client's and ours, so that operators can tell where the load comes from. */
  readonly userAgent: string;
  /** Requests made, for the report of a failed flow. */
  readonly steps: FailureStep[];
  /** Sum of request durations in milliseconds: server time. */
  machineMs: number;
  /** Whether any request was answered; otherwise the server time of 0 means nothing. */
  answered: boolean;
  /** Undefined if there was none. */
  storm: Storm | undefined;
  /** Requests sent, and requests without retries. */
  sent: number;
  meant: number;
  /** The flow resource; empty before the first answer. */
  flowUrl: string;
  flowId: string;
  state: string | undefined;
  /** Last session cookie that the client accepted, for profiles that do not accept every one. */
  cookie: string | undefined;
}

/** The client of a flow that has not started. */
export const openClient = ({ settings, pf, profile, time, deadline, key, watch }: ClientOfFlow): FlowClient => ({
  settings,
  pf,
  profile,
  time,
  deadline,
  key,
  watch,
  jar: new http.CookieJar(),
  userAgent: `${profile.userAgent} pairstorm`,
  steps: [],
  machineMs: 0,
  answered: false,
  storm: undefined,
  sent: 0,
  meant: 0,
  flowUrl: '',
  flowId: '',
  state: undefined,
  cookie: undefined,
});

/** Notes a failure on the phone's side, for the report of a failed flow. */
export function note(client: FlowClient, step: string, error: string): void {
  client.steps.push({ step, http: 0, ms: 0, error: error.slice(0, 60) });
}

/** Keeps a request and its answer for the report of a failed flow. */
export function record(client: FlowClient, step: string, res: HttpAnswer, error?: string, status?: string): void {
  client.steps.push({
    step,
    http: res.status,
    ms: Math.round(res.timings.duration * 100) / 100,
    status: status && statusName(status),
    error,
  });
}
