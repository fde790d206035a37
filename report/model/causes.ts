import { EXIT_CODES } from '../../catalogue/exit-codes.ts';
import { ERROR_REMEDIES } from '../../catalogue/error-remedies.ts';
import { isOwnError } from '../../catalogue/failure-sides.ts';
import { BYPASSED, OUT_OF_STEP } from '../../catalogue/findings.ts';
import { FAULTY_OUTCOMES } from '../../catalogue/faulty-outcomes.ts';
import { NOTED_ERRORS } from '../../catalogue/noted-errors.ts';
import type { NotedError } from '../../catalogue/noted-errors.ts';
import { helpWith } from '../../catalogue/other-states.ts';
import type { Cause } from '../../record/causes.ts';
import { PHONE_ERRORS } from '../../simulator/wire/phone-api.ts';
import { failedWords } from '../threshold-words.ts';
import { counted } from '../quantity.ts';
import type { ErrorRow } from './failure-model.ts';
import { namesOfFaults, withinFaults } from './fault-causes.ts';
import type { FaultsOfRun } from './fault-causes.ts';
import type { CauseView, FlowsView, ThresholdRow } from './report-model.ts';

/** Maximum number of causes: what fits on one screen. */
const MOST_CAUSES = 5;
/** Maximum number of kinds named in a cause; beyond that they are counted. */
const MOST_KINDS = 4;

/** Input of causeViews. */
interface CauseEvidence {
  readonly exitCode: number | null;
  /** Failed flows grouped by cause, most frequent first. */
  readonly causes: readonly Cause[];
  readonly thresholds: readonly ThresholdRow[];
  readonly errors: readonly ErrorRow[];
  readonly flows: FlowsView | null;
  /** Null: the run has no faults of its own. */
  readonly faults: FaultsOfRun | null;
  /** Path of the record as a user would type it; undefined if unknown. */
  readonly folder: string | undefined;
}

/**
 * Why a run did not pass: failed flows by cause, else failed requests, else the thresholds; each with a remedy and the
 * command that shows an example. Flows that a fault of the run explains are no cause: they come last, in one line.
 * Empty for a run that passed.
 */
export function causeViews({
  exitCode,
  causes,
  thresholds,
  errors,
  flows,
  faults,
  folder,
}: CauseEvidence): readonly CauseView[] {
  if (exitCode === EXIT_CODES.pass.code) return [];
  const silent = flows !== null && flows.started > 0 && flows.unanswered >= flows.started;
  const unanswered = silent ? [nothingAnswered(flows.started)] : [];
  const within = faults === null ? [] : withinFaults(faults, causes);
  const ofFlows = withoutTwins(faults === null ? causes : causes.flatMap((cause) => outsideOf(faults, cause)));
  const named = ofFlows.slice(0, MOST_CAUSES - unanswered.length - within.length);
  const where = faults === null ? '' : ` outside of ${namesOfFaults(faults)}`;
  const ofRequests =
    flows !== null
      ? []
      : errors
          .filter(({ expected }) => !expected)
          .map(requestCause)
          .slice(0, MOST_CAUSES);
  const list = [...unanswered, ...named.map((cause) => flowCause(cause, where, folder)), ...ofRequests];
  // If the run was stopped or its generator was at fault, thresholds are not the reason.
  const failed = exitCode === EXIT_CODES.thresholds_failed.code ? thresholds.filter(({ ok }) => !ok) : [];
  const ofThresholds = list.length > 0 ? [] : failed.slice(0, MOST_CAUSES - within.length).map(thresholdCause);
  // A record keeps the most frequent causes only.
  const all = Math.max(flowsOf(ofFlows), faults === null ? (flows?.notAsPrescribed ?? 0) : 0);
  return [...list, ...(named.length === 0 ? [] : moreFlows(all - flowsOf(named))), ...ofThresholds, ...within];
}

const flowsOf = (causes: readonly Cause[]): number => causes.reduce((sum, { flows }) => sum + flows, 0);

/** Flows that failed otherwise than the causes that are named. */
function moreFlows(more: number): readonly CauseView[] {
  return more <= 0 ? [] : [{ of: 'flows', text: `and ${counted(more, 'more flow')}`, remedy: '', command: '' }];
}

/** What is left of a cause without the flows that a fault explains; which kinds these are of is not known. */
function outsideOf(faults: FaultsOfRun, cause: Cause): readonly Cause[] {
  const flows = faults.outside(cause);
  if (flows === 0) return [];
  return [flows === cause.flows ? cause : { ...cause, flows, kinds: {} }];
}

function nothingAnswered(started: number): CauseView {
  return {
    of: 'flows',
    text: `none of ${started} start requests was answered`,
    remedy: 'check the target before applying load',
    command: 'pairstorm doctor',
  };
}

/** Remedies by outcome. */
const REMEDIES: Readonly<Record<string, string>> = {
  bypassed: BYPASSED,
  unverified: 'map the status attribute into a token, and configure where to find it (PF_STATUS_FROM, PF_STATUS_CLAIM)',
  harness_error: 'not the target: look at this machine and at the device side (bridge or phone API)',
  http_error: "look into the target's logs at that time",
  abandoned:
    "the client hangs on such an answer while it waits (docs/clients.md): look into the target's logs at that time",
  protocol_error: 'pairstorm doctor checks the target against the protocol',
  mfa_failed:
    'the adapter gave up: unlock the accounts, or, if PingOne did not answer (Service Unavailable Failure Mode: block), lower the load or raise what limits it (docs/capacity-planning.md)',
};

/** What to do about an error code, of PingFederate or of the phone's side. */
const ANSWER_REMEDIES: Readonly<Record<string, string>> = {
  CREDENTIAL_VALIDATION_FAILED: 'the password in INVENTORY is not that of the account, or the account is locked',
  INVALID_OTP:
    'the code was not that of this user and device: compare the TOTP secret or code of INVENTORY with the device; a test device must give its own code in the answer',
  invalid_request_object:
    'PingFederate refuses the request object: key (JWKS of the client), algorithm, audience (PF_REQUEST_AUDIENCE), client or expiry; pairstorm doctor says which',
  request_not_supported: 'PingFederate takes no request object from this client: allow it, or leave PF_REQUEST_… out',
  DEVICE_LIMIT:
    'these accounts have reached the device limit of the policy: remove some devices, or reset the accounts before each run',
};

function flowCause(cause: Cause, where: string, folder: string | undefined): CauseView {
  const { line } = cause;
  return {
    of: 'flows',
    text: `${counted(cause.flows, 'flow')}${kindsOf(cause)}${where} ${what(cause)}`,
    remedy: remedyOf(cause),
    command: line === 0 || folder === undefined ? '' : `pairstorm trace --from ${folder}/failures.jsonl --flow ${line}`,
  };
}

function remedyOf({ outcome, offPath, at, error }: Cause): string {
  if (outcome === 'not_driven') return helpWith(at);
  if (offPath !== '') return OUT_OF_STEP;
  const ofRequest = requestRemedy(Number(/^error (\d+)/.exec(error)?.[1] ?? NaN));
  if (ofRequest !== '') return ofRequest;
  if (Object.hasOwn(ANSWER_REMEDIES, error)) return ANSWER_REMEDIES[error]!;
  if (isNoted(error)) return NOTED_ERRORS[error].remedy;
  return Object.hasOwn(REMEDIES, outcome) ? REMEDIES[outcome]! : '';
}

/** The code of a request whose reused connection had been closed. */
const REUSED = 1221;
const KEEP_ALIVE =
  'something on the way closes connections that are idle for less long than users think: raise the keep-alive (idle) timeout of load balancer and server above that; where the real app sends such requests again, set RESEND_ON_REUSED=always';

/** What to do about a request without a usable answer, by its error code. */
function requestRemedy(code: number): string {
  if (code === REUSED) return KEEP_ALIVE;
  return ERROR_REMEDIES[code] ?? (isOwnError(code) ? 'a limit of this machine, not of the target' : '');
}

/** Causes that read alike are one: they differ in a state that the sentence does not name. */
function withoutTwins(causes: readonly Cause[]): readonly Cause[] {
  const found = new Map<string, Cause>();
  for (const cause of causes) {
    const words = what(cause);
    const before = found.get(words);
    found.set(words, before === undefined ? cause : together(before, cause));
  }
  return [...found.values()].sort((a, b) => b.flows - a.flows);
}

function together(a: Cause, b: Cause): Cause {
  const kinds = { ...a.kinds };
  for (const [kind, flows] of Object.entries(b.kinds)) kinds[kind] = (kinds[kind] ?? 0) + flows;
  return { ...a, flows: a.flows + b.flows, kinds, line: firstOf(a.line, b.line) };
}

/** The smaller line number; 0 means none. */
function firstOf(a: number, b: number): number {
  return a === 0 || b === 0 ? Math.max(a, b) : Math.min(a, b);
}

function what({ flows, outcome, expected, at, step, error, offPath, reason }: Cause): string {
  const [were, their] = flows === 1 ? ['was', 'its'] : ['were', 'their'];
  const where = step === '' ? '' : ` at ${step}`;
  if (outcome === 'not_driven')
    return `stopped at ${at} after ${step === 'start' ? 'the start' : step}: Pairstorm has no handler for it`;
  if (outcome === 'bypassed') return `${were} let in without the second factor that ${their} kind requires: ${reason}`;
  if (offPath !== '') {
    const [path = '', status = ''] = offPath.split(' ');
    return path === 'missing'
      ? `never reached ${status}, which is on the path of ${their} kind`
      : `reached ${status}, which is not on the path of ${their} kind`;
  }
  // For an error, the expected outcome need not be mentioned.
  const instead =
    expected === '' || (FAULTY_OUTCOMES as readonly string[]).includes(outcome) ? '' : ` instead of ${expected}`;
  if (error === '') return `ended as ${outcome}${instead}${where}: ${reason}`;
  return `ended as ${outcome}${instead}: ${error}${where}${meaningOf(error)}`;
}

function isNoted(error: string): error is NotedError {
  return Object.hasOwn(NOTED_ERRORS, error);
}

/** What an error of the device side means, in brackets. */
function meaningOf(error: string): string {
  if (isNoted(error)) return ` (${NOTED_ERRORS[error].words})`;
  return Object.hasOwn(PHONE_ERRORS, error) ? ` (${PHONE_ERRORS[error as keyof typeof PHONE_ERRORS].message})` : '';
}

function kindsOf({ kinds }: Cause): string {
  const list = Object.entries(kinds).sort(([, a], [, b]) => b - a);
  if (list.length > MOST_KINDS) return ` of ${list.length} kinds`;
  if (list.length === 0) return '';
  return list.length === 1 ? ` (${list[0]![0]})` : ` (${list.map(([kind, flows]) => `${kind} ${flows}`).join(', ')})`;
}

function requestCause({ name, count, code, meaning }: ErrorRow): CauseView {
  return { of: 'requests', text: `${count} × ${name}: ${meaning}`, remedy: requestRemedy(Number(code)), command: '' };
}

function thresholdCause(threshold: ThresholdRow): CauseView {
  return { of: 'threshold', text: failedWords(threshold), remedy: '', command: '' };
}
