import { EXIT_CODES, exitNameOf, winningExit } from './exit-codes.ts';
import type { ExitName } from './exit-codes.ts';
import { CODES } from './findings.ts';
import type { Finding, FindingCode } from './findings.ts';

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

/** Result of a set of findings. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly exitCode: number;
  /** All findings, the deciding ones first. */
  readonly findings: readonly Finding[];
}

/** What an unknown exit code counts as. */
const UNKNOWN_EXIT = EXIT_CODES.script_exception.code;

/** Findings before any load: nothing else counts. */
const EARLY: readonly ExitName[] = ['invalid_configuration', 'internal_error'];

/**
 * The verdict of findings: the winning exit code (EXIT_PRECEDENCE), and the findings in the order in which they are
 * named. An unknown exit code (in an edited record) counts as UNKNOWN_EXIT.
 */
export function decide(given: readonly Finding[]): Judgement {
  const findings = given.map((one) => (exitNameOf(one.exit) === undefined ? { ...one, exit: UNKNOWN_EXIT } : one));
  const names = new Set(findings.map(({ exit }) => exitNameOf(exit)!));
  const exit = EARLY.find((name) => names.has(name)) ?? winningExit(names);
  const { code } = EXIT_CODES[exit];
  const place = (one: Finding): number => {
    const at = CODES.indexOf(one.code as FindingCode);
    return (one.exit === code ? 0 : one.exit === 0 ? 2 : 1) * 1_000 + (at < 0 ? 999 : at);
  };
  return { verdict: VERDICT_OF[exit], exitCode: code, findings: findings.sort((a, b) => place(a) - place(b)) };
}
