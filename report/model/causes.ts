import { EXIT_CODES } from '../../contract/exit-codes.ts';
import { PHONE_ERRORS } from '../../contract/phone-api.ts';
import type { Cause } from '../../contract/run-record/cause.ts';
import { thresholdWords } from '../threshold-words.ts';
import type { ErrorRow } from './failure-model.ts';
import type { CauseView, FlowsView, ThresholdRow } from './report-model.ts';

/** Most causes that are named: what a person reads on one screen. */
export const MOST_CAUSES = 5;
/** Kinds that a cause names; of more it says how many. */
const MOST_KINDS = 4;

/** What causes are made of. */
export interface CauseEvidence {
  readonly exitCode: number | null;
  /** Failed flows that failed alike, the most frequent first. */
  readonly causes: readonly Cause[];
  readonly thresholds: readonly ThresholdRow[];
  readonly errors: readonly ErrorRow[];
  readonly flows: FlowsView | null;
  /** Folder of the record, as somebody would type it; undefined: not known. */
  readonly folder: string | undefined;
}

/**
 * Why a run did not pass: failed flows grouped and counted, else requests that failed, else the thresholds themselves; each with
 * what to do and the command that shows one. None for a run that passed.
 */
export function causeViews({
  exitCode,
  causes,
  thresholds,
  errors,
  flows,
  folder,
}: CauseEvidence): readonly CauseView[] {
  if (exitCode === EXIT_CODES.pass.code) return [];
  const silent = flows !== null && flows.started > 0 && flows.unanswered >= flows.started;
  const unanswered = silent ? [nothingAnswered(flows.started)] : [];
  const ofFlows = causes.map((cause) => flowCause(cause, folder));
  const ofRequests = flows !== null ? [] : errors.filter(({ expected }) => !expected).map(requestCause);
  const list = [...unanswered, ...ofFlows, ...ofRequests];
  const ofThresholds = list.length > 0 ? [] : thresholds.filter(({ ok }) => !ok).map(thresholdCause);
  return [...list, ...ofThresholds].slice(0, MOST_CAUSES);
}

function nothingAnswered(started: number): CauseView {
  return {
    of: 'flows',
    text: `not one of ${started} start requests was answered`,
    remedy: 'look at the target before any load',
    command: 'pairstorm doctor',
  };
}

/** What to do about an outcome. */
const REMEDIES: Readonly<Record<string, string>> = {
  bypassed: "look at the adapter's failure modes (Service Unavailable, No Device) and at the policy",
  unverified: 'map the attribute into the token; PF_STATUS_FROM and PF_STATUS_CLAIM say where it is',
  harness_error: 'see the load generator and the device side',
  http_error: 'see the log of the target at that time',
  protocol_error: 'pairstorm doctor compares the target with the protocol',
};

const OFF_PATH = 'reset the accounts before each run, bring fresh users, or correct the inventory';
const CUSTOM = 'set PF_CUSTOM_STATUS, PF_CUSTOM_ACTION and PF_CUSTOM_BODY';

function flowCause(cause: Cause, folder: string | undefined): CauseView {
  const { outcome, offPath, at, step, line } = cause;
  return {
    of: 'flows',
    text: `${cause.flows} ${cause.flows === 1 ? 'flow' : 'flows'} ${what(cause)}${kindsOf(cause)}`,
    remedy:
      outcome === 'not_driven'
        ? step === 'start'
          ? CUSTOM
          : `${at} has no handler in Pairstorm`
        : offPath === ''
          ? (REMEDIES[outcome] ?? '')
          : OFF_PATH,
    command: line === 0 || folder === undefined ? '' : `pairstorm trace --from ${folder}/failures.jsonl --flow ${line}`,
  };
}

function what({ outcome, at, step, error, offPath, reason }: Cause): string {
  const where = step === '' ? '' : ` at ${step}`;
  if (outcome === 'not_driven') return `stopped at ${at} after ${step === 'start' ? 'the start' : step}: no handler`;
  if (outcome === 'bypassed') return `were let in without the factor of their kind: ${reason}`;
  if (offPath !== '') {
    const [path = '', status = ''] = offPath.split(' ');
    return path === 'missing'
      ? `never came to ${status}, which their kind goes through`
      : `came to ${status}, which their kind does not`;
  }
  if (error === '') return `ended as ${outcome}${where}: ${reason}`;
  const meaning = Object.hasOwn(PHONE_ERRORS, error)
    ? ` (${PHONE_ERRORS[error as keyof typeof PHONE_ERRORS].message})`
    : '';
  return `ended as ${outcome}: ${error}${where}${meaning}`;
}

function kindsOf({ kinds }: Cause): string {
  const list = Object.entries(kinds).sort(([, a], [, b]) => b - a);
  if (list.length > MOST_KINDS) return `, of ${list.length} kinds`;
  return list.length === 1 ? ` (${list[0]![0]})` : ` (${list.map(([kind, flows]) => `${kind} ${flows}`).join(', ')})`;
}

function requestCause({ name, count, meaning }: ErrorRow): CauseView {
  return { of: 'requests', text: `${count} × ${name}: ${meaning}`, remedy: '', command: '' };
}

function thresholdCause(threshold: ThresholdRow): CauseView {
  return { of: 'threshold', text: `${threshold.metric} ${thresholdWords(threshold)}`, remedy: '', command: '' };
}
