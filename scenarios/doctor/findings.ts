import type { Check, CheckName } from './line.ts';
import type { HeartbeatAnswer } from '../../lib/diagnoses.ts';
import { cookielessState, flowAnswer } from '../../lib/flow/answer.ts';
import type { FlowAnswer } from '../../lib/flow/answer.ts';
import type { Ending } from '../../lib/flow/ending.ts';
import { jsonObject } from '../../lib/json-object.ts';
import type { HttpAnswer } from '../../lib/json-object.ts';
import type { Settings } from '../../lib/settings.ts';
import type { Patient } from './patient.ts';

/** What a few heartbeats told: how the first was answered, and more. */
export interface Heartbeats extends HeartbeatAnswer {
  readonly address: string;
  readonly tlsVersion: string;
  /** Least round trip in milliseconds, connecting not included. */
  readonly leastMs: number;
  /** How far the Date header is ahead of this machine's clock, in milliseconds; null without the header. */
  readonly aheadMs: number | null;
}

/** What became of requests without X-XSRF-Header: refused, or served. null: nothing could be told. */
export type WithoutXsrf = 'refused' | 'served' | null;

/** A request of the flow and its answer. */
export interface CheckedExchange {
  readonly step: string;
  readonly res: HttpAnswer;
  /** Unix milliseconds at which the answer was there. */
  readonly at: number;
}

/** Where the status attribute is, if not where the settings say. */
export interface FoundStatus {
  readonly from: Exclude<Settings['statusFrom'], 'tokens'>;
  readonly claim: string;
}

/** All that the checks judge. */
export interface Findings {
  readonly settings: Settings;
  readonly heartbeats: Heartbeats;
  /** The proxy to the target, by PROXY_VARIABLE; `''`: none is known. */
  readonly proxy: string;
  /** What the device side lacks, as found and remedy; null: nothing. */
  readonly deviceFault: string | null;
  readonly withoutXsrf: WithoutXsrf;
  readonly patient: Patient;
  readonly exchanges: readonly CheckedExchange[];
  readonly ending: Ending | undefined;
  /** Where else the attribute was found, if it was looked for. */
  readonly elsewhere: FoundStatus | undefined;
}

/** A check that found all well. */
export const right = (check: CheckName, found: string): Check => ({ check, is: 'right', found });

/** A check that found something wrong. */
export const foundWrong = (check: CheckName, found: string, remedy: string): Check => ({
  check,
  is: 'wrong',
  found,
  remedy,
});

/** A check that could not be made, and why. */
export const unknown = (check: CheckName, why: string, remedy?: string): Check => ({
  check,
  is: 'unknown',
  found: why,
  remedy,
});

/** What an answer means for a flow. */
export function flowAnswerOf(res: HttpAnswer): FlowAnswer {
  return flowAnswer(res, jsonObject(res));
}

/** The state of a cookieless client in an answer. */
export function stateIn(res: HttpAnswer): string | undefined {
  return cookielessState(jsonObject(res));
}
