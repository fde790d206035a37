import { EXIT_CODES, winningExit } from './exit-codes.ts';
import type { ExitName } from './exit-codes.ts';

/** Plain data that a finding carries. */
export type FindingValue =
  string | number | boolean | null | readonly FindingValue[] | { readonly [name: string]: FindingValue };

/**
 * Something that was found about a run. Data, never prose: what people read is made of it at the edge (finding-words.ts). A
 * record may come from a newer version or from an editor: a code that FINDINGS lacks is kept and shown as it stands.
 */
export interface Finding {
  /** A key of FINDINGS. */
  readonly code: string;
  /** The exit code that it asks for (exit-codes.ts); 0: a remark. */
  readonly exit: number;
  /** What it is about: a selector, a kind of flow, a fault, a part of a merged run; `''`: the run. */
  readonly subject: string;
  readonly data: Readonly<Record<string, FindingValue>>;
}

/** One kind of finding. */
interface FindingKind {
  /** How it makes a run end. `pass`: a remark, whatever else was found. */
  readonly exit: ExitName;
  /** What becomes of it where a part of a run has it: it holds for the whole, or the whole is judged anew. */
  readonly merged: 'carried' | 'anew';
  /** It decides the exit code only of a gate (`--gate`); else it is a remark. */
  readonly gate?: true;
  readonly meaning: string;
  readonly remedy: string;
}

/** Every finding, in the order in which a run names them: what makes the rest meaningless comes first. docs/errors.md shows it. */
export const FINDINGS = {
  unusable: {
    exit: 'invalid_configuration',
    merged: 'carried',
    meaning: 'no load was made: something that was set cannot be used',
    remedy: 'as the line says',
  },
  internal_error: {
    exit: 'internal_error',
    merged: 'carried',
    meaning: 'a fault of Pairstorm itself',
    remedy: 'please report it, with the stack that --verbose shows',
  },
  unsupported_call: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'the script called something that the engine does not have',
    remedy: 'write what the line names instead (docs/engine.md)',
  },
  script_exception: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'the script threw in its init code, setup, teardown or handleSummary',
    remedy: 'mend the script; --verbose shows the stack',
  },
  no_iteration_completed: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'every iteration that ended threw an exception, so nothing was tested',
    remedy: 'mend the script: the first exception is named; run it with --once',
  },
  host_exit: {
    exit: 'script_exception',
    merged: 'carried',
    meaning: 'k6 ended with an exit code of its own (import --k6-exit)',
    remedy: "see k6's console output",
  },
  aborted: {
    exit: 'aborted',
    merged: 'carried',
    meaning: 'the script called exec.test.abort()',
    remedy: 'the line has the reason that the script gave',
  },
  interrupted: {
    exit: 'interrupted',
    merged: 'carried',
    meaning: 'stopped by Ctrl-C or a signal (SIGTERM, SIGHUP, SIGQUIT)',
    remedy: 'run it to its end; the figures cover what was done',
  },
  killed: {
    exit: 'interrupted',
    merged: 'carried',
    meaning: 'the run was killed: its record has no end',
    remedy: 'run it to its end; the figures cover what was recorded',
  },
  samples_cut: {
    exit: 'interrupted',
    merged: 'carried',
    meaning: 'the imported samples end in the middle of a line',
    remedy: 'k6 was killed, or its disk was full: run it again',
  },
  generator_errors: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'requests failed on this machine: no descriptor, port, buffer, memory or proxy was to be had',
    remedy: 'raise the limit that the line names, lower the load, or share it among machines',
  },
  generator_stalled: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'the load generator stood still for longer than a run can bear',
    remedy: 'give it a machine of its own, or lower the load',
  },
  generator_delayed: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'the load generator was late by its own fault',
    remedy: 'lower the load, add workers, or share it among machines',
  },
  worker_lost: {
    exit: 'invalid',
    merged: 'carried',
    meaning: 'a worker thread was lost, and its virtual users with it',
    remedy: 'give it more memory; a script that never returns is named',
  },
  record_damaged: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'the record has a hole: what was recorded is missing or cannot be read',
    remedy: 'figures are those of the rest: free the disk, or copy the record once more, and run again',
  },
  mfa_bypassed: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'users were let in without the factor of their kind',
    remedy: "look at the adapter's failure modes (Service Unavailable, No Device) and at the policy",
  },
  inventory_out_of_step: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'users were not in the state that the inventory says',
    remedy:
      'reset the accounts before each run, bring fresh users, or correct the inventory; MAX_UNEXPECTED allows a share',
  },
  nothing_played: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'not one flow came to an end',
    remedy: 'see the causes; pairstorm doctor looks at the target',
  },
  simulator_lost: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'the simulator of the run was gone before its end',
    remedy: 'see why it ended (memory, kill), and run again',
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
    meaning: 'a threshold with abortOnFail was crossed, and the run was cut short',
    remedy: 'see the causes, or change the threshold',
  },
  flows_interrupted: {
    exit: 'thresholds_failed',
    merged: 'anew',
    meaning: 'too many flows were cut off at the end of a run that nobody stopped, so the slow ones are missing',
    remedy:
      'the target holds flows longer than planned; see which kinds, or allow more time (TIME_SCALE, FLOW_PATIENCE)',
  },
  flows_lost: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'flows started are not flows ended and cut off',
    remedy: 'do not trust the numbers; please report it',
  },
  records_disagree: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'the simulator counted other flow starts than the run',
    remedy: 'do not trust the numbers; please report it',
  },
  faults_unequal: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'the simulator made other faults than the run saw',
    remedy: 'what the fault did is not wholly known; look for a proxy in between',
  },
  not_judged: {
    exit: 'thresholds_failed',
    merged: 'anew',
    gate: true,
    meaning: 'a threshold had no sample to judge',
    remedy: 'correct the selector, or let the script emit it; --allow-no-samples lets a gate pass',
  },
  iterations_threw: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'too many iterations ended by an exception (--max-thrown)',
    remedy: 'mend the script: the first exception is named',
  },
  files_unwritten: {
    exit: 'thresholds_failed',
    merged: 'carried',
    gate: true,
    meaning: 'what a pipeline reads of the run could not be written',
    remedy: 'free the disk, or correct its rights',
  },
  script_failed: {
    exit: 'failed',
    merged: 'carried',
    meaning: 'the script called exec.test.fail()',
    remedy: 'the line has the reason that the script gave',
  },
  recorded_reason: {
    exit: 'thresholds_failed',
    merged: 'carried',
    meaning: 'what a record of an earlier version says of its end',
    remedy: 'as the line says',
  },
  empty_part: {
    exit: 'pass',
    merged: 'anew',
    meaning: 'this part of the run has nothing to play',
    remedy: 'use fewer parts (executionSegment), or more load',
  },
  capacity_found: {
    exit: 'pass',
    merged: 'anew',
    meaning: 'the search for capacity found what it looked for',
    remedy: 'none is needed',
  },
} as const satisfies Readonly<Record<string, FindingKind>>;

/** Code of a finding of this version. */
export type FindingCode = keyof typeof FINDINGS;

const CODES = Object.keys(FINDINGS) as FindingCode[];

/** The kind of a code; undefined for one that this version does not know. */
export function kindOfFinding(code: string): FindingKind | undefined {
  return Object.hasOwn(FINDINGS, code) ? FINDINGS[code as FindingCode] : undefined;
}

/** Makes a finding with the exit code of its kind. `gate`: whether the run is a gate; those that only close one are remarks else. */
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

/** How a run ended, in one word. */
export const VERDICTS = ['pass', 'fail', 'interrupted', 'aborted', 'invalid', 'error'] as const;
export type Verdict = (typeof VERDICTS)[number];

const VERDICT_OF: Readonly<Record<ExitName, Verdict>> = {
  pass: 'pass',
  thresholds_failed: 'fail',
  failed: 'fail',
  interrupted: 'interrupted',
  aborted: 'aborted',
  invalid: 'invalid',
  invalid_configuration: 'error',
  script_exception: 'error',
  internal_error: 'error',
};

/** What findings come to. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** All findings, those that decide first. */
  readonly findings: readonly Finding[];
}

function nameOfExit(exit: number): ExitName {
  const names = Object.keys(EXIT_CODES) as ExitName[];
  return names.find((name) => EXIT_CODES[name].code === exit) ?? 'script_exception';
}

/** Before any load: nothing else counts then. */
const EARLY: readonly ExitName[] = ['invalid_configuration', 'internal_error'];

/** The verdict of findings: the exit code that wins (EXIT_PRECEDENCE), and the findings in the order in which they are named. */
export function decide(findings: readonly Finding[]): Judgement {
  const names = new Set(findings.map(({ exit }) => nameOfExit(exit)));
  const exit = EARLY.find((name) => names.has(name)) ?? winningExit(names);
  const { code } = EXIT_CODES[exit];
  const place = (one: Finding): number => {
    const at = CODES.indexOf(one.code as FindingCode);
    return (one.exit === code ? 0 : one.exit === 0 ? 2 : 1) * 1_000 + (at < 0 ? 999 : at);
  };
  return { verdict: VERDICT_OF[exit], exitCode: code, findings: [...findings].sort((a, b) => place(a) - place(b)) };
}
