import { EXIT_CODES } from './exit-codes.ts';
import type { ExitName } from './exit-codes.ts';
import { FAULT_FINDINGS } from './fault-findings.ts';

/** Plain data that a finding carries. */
export type FindingValue =
  string | number | boolean | null | readonly FindingValue[] | { readonly [name: string]: FindingValue };

/**
 * Something found about a run. Data, not prose: finding-words.ts turns it into sentences. A record may come from a
 * newer version or have been edited: a code that FINDINGS lacks is kept and shown as is.
 */
export interface Finding {
  /** A key of FINDINGS. */
  readonly code: string;
  /** The exit code that it asks for (exit-codes.ts); 0: a remark. */
  readonly exit: number;
  /** Its subject: a selector, a flow kind, a fault, a part of a merged run; `''`: the run. */
  readonly subject: string;
  readonly data: Readonly<Record<string, FindingValue>>;
}

/** One kind of finding. */
interface FindingKind {
  /** Exit code of the finding; `pass`: only a remark. */
  readonly exit: ExitName;
  /** What `merge` does with a part's finding: carry it over, or judge the merged run anew. */
  readonly merged: 'carried' | 'anew';
  /** Decides the exit code only with `--gate`; otherwise it is a remark. */
  readonly gate?: true;
  readonly meaning: string;
  readonly remedy: string;
}

/** Remedy if users get in without their second factor. */
export const BYPASSED =
  "check the adapter's failure modes (Service Unavailable, No Device) and the policy: they may let users in without MFA";

/** Remedy if users do not match the inventory. */
export const OUT_OF_STEP = 'reset the accounts before each run, use fresh users, or fix the inventory';

/** All findings, in the order in which a run names them: first what makes the rest meaningless (docs/errors.md). */
export const FINDINGS = {
  unusable: {
    exit: 'invalid_configuration',
    merged: 'carried',
    meaning: 'no load was generated: something in the configuration cannot be used',
    remedy: 'follow the message',
  },
  internal_error: {
    exit: 'internal_error',
    merged: 'carried',
    meaning: 'a bug in Pairstorm itself',
    remedy: 'please report it, with the stack trace that --verbose shows',
  },
  unsupported_call: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'the script called something that the engine does not support',
    remedy: 'use the alternative that the message names (docs/engine.md)',
  },
  script_exception: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'the script threw in its init code, setup, teardown or handleSummary',
    remedy: 'fix the script; --verbose shows the stack trace',
  },
  no_iteration_completed: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'every iteration that ended threw an exception, so nothing was tested',
    remedy: 'fix the exception named; try it with --once, which runs a single iteration',
  },
  host_exit: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'k6 ended with an exit code of its own (import --k6-exit)',
    remedy: "k6's console output says why",
  },
  aborted: {
    exit: 'aborted',
    merged: 'carried',
    meaning: 'the script called exec.test.abort()',
    remedy: 'the script gives the reason; look into its cause',
  },
  interrupted: {
    exit: 'interrupted',
    merged: 'carried',
    meaning: 'stopped by Ctrl-C or a signal (SIGTERM, SIGHUP, SIGQUIT)',
    remedy: 'let it run to the end; the figures cover the run up to then',
  },
  killed: {
    exit: 'interrupted',
    merged: 'carried',
    meaning: 'the run was killed: its record has no end',
    remedy: 'let it run to the end; the figures cover only what had been recorded',
  },
  samples_cut: {
    exit: 'interrupted',
    merged: 'carried',
    meaning: 'the imported samples end in the middle of a line',
    remedy: 'k6 was killed or its disk was full: run it again',
  },
  generator_errors: {
    exit: 'invalid',
    merged: 'carried',
    meaning:
      'requests failed on the load generator machine: out of descriptors, ports, buffers or memory, or its proxy is unreachable',
    remedy:
      'raise or fix what the message names (descriptors: ulimit -n; the proxy), share connections (--shared-connections), lower the load, or split it across several machines',
  },
  generator_stalled: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'the load generator stalled for too long',
    remedy: 'give it a dedicated machine or lower the load, then run it again',
  },
  generator_delayed: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'the load generator could not keep up',
    remedy: 'lower the load, add worker threads (--workers), or split it across several machines',
  },
  worker_lost: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'a worker thread died, and its virtual users with it',
    remedy: 'see the warning: out of memory, or a script that never returned',
  },
  parts_missing: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'the records of some parts are missing, so that the load was larger than what is judged',
    remedy:
      'merge the records of all parts (--parts N refuses fewer); a part that was lost has to be played again, with all others',
  },
  parts_apart: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'the parts did not start together, so that the load was not the planned one',
    remedy: 'synchronise the clocks of all machines (NTP), and give all parts the same --start-at',
  },
  record_damaged: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'the record has a gap: recorded lines are missing or cannot be read',
    remedy: 'the figures cover the rest: free disk space, or copy the record again, then run again',
  },
  mfa_bypassed: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'users were let in without the second factor that their kind of flow requires',
    remedy: BYPASSED,
  },
  inventory_out_of_step: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'users were not in the state that the inventory describes',
    remedy: `${OUT_OF_STEP}; MAX_UNEXPECTED tolerates a share`,
  },
  drifts: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'something got steadily worse over the run, by more than the limit on drift',
    remedy: 'see the section on drift: what drifts, since when, and in which shape (docs/soak.md)',
  },
  drift_not_judged: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'the drift of the soak could not be judged',
    remedy: 'see the message; pairstorm drift FOLDER judges a record again',
  },
  ...FAULT_FINDINGS,
  nothing_answered: {
    exit: 'thresholds_failed',
    merged: 'anew',
    gate: true,
    meaning: 'no request was answered',
    remedy: 'check the address of the target, and that it is running',
  },
  nothing_played: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'no flow ended',
    remedy: 'see the causes; check the target with pairstorm doctor',
  },
  simulator_lost: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'the simulator of the run exited before the run ended',
    remedy: 'find out why it exited (out of memory, killed), then run again',
  },
  threshold_failed: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'a threshold failed',
    remedy: 'see the causes, or change the threshold',
  },
  threshold_cut_short: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'a threshold with abortOnFail was crossed, and the run was aborted',
    remedy: 'see the causes, or change the threshold',
  },
  flows_interrupted: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'more than 1 % of the flows were interrupted at the planned end of the run, so the slow ones are missing',
    remedy:
      'flows take longer than planned: see which kinds, and whether think time or the target is slow (TIME_SCALE, FLOW_PATIENCE)',
  },
  flows_lost: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'flows started do not equal flows ended plus flows interrupted',
    remedy: 'do not trust the numbers; please report it',
  },
  records_disagree: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'the simulator counted a different number of flow starts than the run',
    remedy: 'do not trust the numbers; please report it',
  },
  faults_unequal: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'the simulator served more or fewer faults than the run saw',
    remedy: 'the impact of the fault is only partly known; look for a proxy in between',
  },
  not_judged: {
    exit: 'thresholds_failed',
    merged: 'anew',
    gate: true,
    meaning: 'a threshold had no sample to judge',
    remedy: 'fix the selector, or make the script emit that metric; --allow-no-samples lets the gate pass anyway',
  },
  iterations_threw: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'too many iterations ended with an exception (--max-thrown, 1 % by default)',
    remedy: 'fix the exception named, or allow a larger share (--max-thrown)',
  },
  files_unwritten: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'result files that a pipeline reads could not be written',
    remedy: 'free disk space, or fix the permissions of the results folder',
  },
  script_failed: {
    exit: 'failed',
    merged: 'carried',
    meaning: 'the script called exec.test.fail()',
    remedy: 'the script gives the reason; look into its cause',
  },
  recorded_reason: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'the reason given in a record of an earlier version',
    remedy: 'follow the message',
  },
  nothing_expected: {
    exit: 'pass',
    merged: 'anew',
    meaning: 'some users had no expected outcome, so how their flows ended is shown but not judged',
    remedy: 'give the users of the CSV file a kind, or reset the accounts before they are played again',
  },
  client_storm: {
    exit: 'pass',
    merged: 'anew',
    meaning:
      'clients that got an error while they waited asked again at once, without a pause, as Ping’s browser client does',
    remedy:
      'expect this of the deployment’s own clients when it is overloaded; STORM_MAX and STORM_MAX_PER_USER bound it, CLIENT_PROFILE or RETRIES_POLL play another app',
  },
  empty_part: {
    exit: 'pass',
    merged: 'anew',
    meaning: 'this part of the run has nothing to play (executionSegment)',
    remedy: 'use fewer parts, or more load',
  },
  capacity_found: {
    exit: 'pass',
    merged: 'anew',
    meaning: 'the capacity search found its answer',
    remedy: 'none needed: this is the result',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

/** Code of a finding of this version. */
export type FindingCode = keyof typeof FINDINGS;

/** All codes, in the order in which findings are named. */
export const CODES = Object.keys(FINDINGS) as FindingCode[];

/** The kind of a code; undefined if this version does not know it. */
export function kindOfFinding(code: string): FindingKind | undefined {
  return Object.hasOwn(FINDINGS, code) ? FINDINGS[code as FindingCode] : undefined;
}

/** Makes a finding with the exit code of its kind. Findings that only fail a gate are remarks unless `gate` is true. */
export function finding(
  code: FindingCode,
  {
    subject = '',
    data = {},
    gate = false,
  }: Partial<Pick<Finding, 'subject' | 'data'>> & { readonly gate?: boolean } = {},
): Finding {
  const kind: FindingKind = FINDINGS[code];
  const exit = kind.gate === true && !gate ? EXIT_CODES.pass.code : EXIT_CODES[kind.exit].code;
  return { code, exit, subject, data };
}
