/**
 * Exit codes of all commands. Those of a run are k6's (k6-contract.md 1.4); 120 is ours. If several apply, the first in
 * EXIT_PRECEDENCE wins.
 */
export const EXIT_CODES = {
  pass: { code: 0, meaning: 'passed: every threshold held, and no other finding fails the run' },
  thresholds_failed: {
    code: 99,
    meaning:
      'failed: a threshold was crossed, or another finding fails the run, such as users let in without their second factor',
  },
  invalid_configuration: {
    code: 104,
    meaning: 'no load was generated: a flag, setting, option, file, port or target cannot be used',
  },
  interrupted: {
    code: 105,
    meaning: 'stopped by Ctrl-C or a signal (SIGTERM, SIGHUP, SIGQUIT); the summary covers the run up to then',
  },
  script_exception: {
    code: 107,
    meaning:
      'the script threw in its init code, setup or teardown, or in every iteration; or it used something that the engine does not support',
  },
  aborted: { code: 108, meaning: 'the script called exec.test.abort()' },
  failed: { code: 110, meaning: 'the script called exec.test.fail()' },
  invalid: { code: 120, meaning: 'the load generator was at fault: the numbers say nothing about the target' },
  internal_error: { code: 1, meaning: 'a bug in Pairstorm; please report it' },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

/** Name of an exit code. */
export type ExitName = keyof typeof EXIT_CODES;

/** Name of an exit code; undefined if it is not one of ours. */
export function exitNameOf(code: number): ExitName | undefined {
  return (Object.keys(EXIT_CODES) as ExitName[]).find((name) => EXIT_CODES[name].code === code);
}

/** Which code wins when several apply to a run (docs/architecture.md, "The verdict"). */
export const EXIT_PRECEDENCE = [
  'script_exception',
  'aborted',
  'interrupted',
  'invalid',
  'thresholds_failed',
  'failed',
  'pass',
] as const satisfies readonly ExitName[];

/** The exit name that wins among those that apply; `pass` if there is none. */
export function winningExit(applying: ReadonlySet<ExitName>): (typeof EXIT_PRECEDENCE)[number] {
  return EXIT_PRECEDENCE.find((name) => applying.has(name)) ?? 'pass';
}
