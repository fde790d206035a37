import { exitNameOf } from '../catalogue/exit-codes.ts';
import type { ExitName } from '../catalogue/exit-codes.ts';
import { findingWords } from '../catalogue/finding-words.ts';
import { decide } from '../catalogue/verdict.ts';
import type { Finding } from '../catalogue/findings.ts';
import type { Verdict } from '../catalogue/verdict.ts';
import type { SummaryData } from '../contract/figures.ts';
import type { OwnDelay } from '../contract/run-findings.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import type { IterationCounts } from './live-counts.ts';

/** Result of a run. */
export interface RunResult {
  readonly exit: ExitName;
  readonly exitCode: number;
  readonly verdict: Verdict;
  /** The reason in one line, if there is one. */
  readonly reason?: string;
  /** Stack trace of a script error. */
  readonly stack?: string;
  /** Findings that only the host can make; those derived from the figures are the judge's. */
  readonly findings: readonly Finding[];
  /** `value` is null without samples. */
  readonly thresholds: readonly ThresholdResult[];
  readonly summary: SummaryData;
  /** Files returned by handleSummary, or the text summary as `stdout`; the caller writes them. */
  readonly files: Readonly<Record<string, string | ArrayBuffer>>;
  /** started = completed + interrupted; planned = started + dropped. */
  readonly iterations: IterationCounts & { readonly planned: number };
  /** The first exception that ended an iteration, in one line. */
  readonly firstThrown?: string;
  /** Start lag of arrival-rate iterations, in milliseconds; null without such a scenario. */
  readonly startLag: { readonly p99Ms: number; readonly maxMs: number } | null;
  /** Cost and delays of the load generator; null if nothing ran. */
  readonly ownDelay: OwnDelay | null;
  readonly durationMs: number;
}

/** A finding of the host, with the stack of a thrown error. */
export interface HostFinding {
  readonly finding: Finding;
  readonly stack?: string | undefined;
}

/** Verdict and reason from the host's findings and those derived from figures (`judged`). */
export function resultEnd(
  host: readonly HostFinding[],
  judged: readonly Finding[] = [],
): Pick<RunResult, 'exit' | 'exitCode' | 'verdict' | 'reason' | 'stack' | 'findings'> {
  const findings = host.map(({ finding }) => finding);
  const all = [...findings, ...judged];
  const { verdict, exitCode, findings: ordered } = decide(all);
  const reason = findingWords(all);
  const stack = host.find(({ finding }) => finding === ordered[0])?.stack;
  return {
    exit: exitNameOf(exitCode)!,
    exitCode,
    verdict,
    findings,
    ...(reason === '' ? {} : { reason }),
    ...(stack === undefined ? {} : { stack }),
  };
}
