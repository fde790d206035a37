import type { Check, CheckName } from './line.ts';
import type { HeartbeatAnswer } from '../../lib/diagnoses.ts';
import { cookielessState, flowAnswer } from '../../lib/flow/answer.ts';
import type { FlowAnswer } from '../../lib/flow/answer.ts';
import type { Ending } from '../../lib/flow/ending.ts';
import { jsonObject } from '../../lib/json-object.ts';
import type { HttpAnswer } from '../../lib/json-object.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Patient } from './patient.ts';

/** Results of a few heartbeats; the inherited fields are of the first. */
export interface Heartbeats extends HeartbeatAnswer {
  readonly address: string;
  readonly tlsVersion: string;
  /** Shortest round trip in milliseconds, without connecting. */
  readonly leastMs: number;
  /** How far the Date header is ahead of this machine's clock, in milliseconds; null without one. */
  readonly aheadMs: number | null;
}

/** Result of requests without X-XSRF-Header; null: inconclusive. */
export type WithoutXsrf = 'refused' | 'served' | null;

/** A request of the flow with its response. */
export interface CheckedExchange {
  readonly step: string;
  readonly res: HttpAnswer;
  /** When the response had arrived, in Unix milliseconds. */
  readonly at: number;
}

/** Where the status attribute was found instead of the configured place. */
export interface FoundStatus {
  readonly from: Exclude<Settings['statusFrom'], 'tokens'>;
  readonly claim: string;
}

/** Input of all checks. */
export interface Findings {
  readonly settings: Settings;
  readonly heartbeats: Heartbeats;
  /** The proxy to the target, from PROXY_VARIABLE; `''`: none. */
  readonly proxy: string;
  /** Fault and remedy of the device side; null: none. */
  readonly deviceFault: string | null;
  readonly withoutXsrf: WithoutXsrf;
  readonly patient: Patient;
  readonly exchanges: readonly CheckedExchange[];
  readonly ending: Ending | undefined;
  /** Where else the attribute was found, if searched for. */
  readonly elsewhere: FoundStatus | undefined;
}

export const right = (check: CheckName, found: string): Check => ({ check, is: 'right', found });

export const foundWrong = (check: CheckName, found: string, remedy: string): Check => ({
  check,
  is: 'wrong',
  found,
  remedy,
});

/** A check that could not be made. */
export const unknown = (check: CheckName, why: string, remedy?: string): Check => ({
  check,
  is: 'unknown',
  found: why,
  remedy,
});

export function flowAnswerOf(res: HttpAnswer): FlowAnswer {
  return flowAnswer(res, jsonObject(res));
}

/** The session state of a cookieless client. */
export function stateIn(res: HttpAnswer): string | undefined {
  return cookielessState(jsonObject(res));
}
