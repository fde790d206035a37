import { exitNameOf } from '../catalogue/exit-codes.ts';
import type { ExitName } from '../catalogue/exit-codes.ts';
import { findingWords } from '../catalogue/finding-words.ts';
import { decide } from '../catalogue/findings.ts';
import type { Finding, Verdict } from '../catalogue/findings.ts';
import type { SummaryData } from '../contract/figures.ts';
import type { OwnDelay } from '../contract/run-findings.ts';
import type { ThresholdResult } from '../contract/threshold-expression.ts';
import type { IterationCounts } from './live-counts.ts';

/** Everything a run leaves behind. */
export interface RunResult {
  readonly exit: ExitName;
  readonly exitCode: number;
  readonly verdict: Verdict;
  /** One line, where there is something to say. */
  readonly reason?: string;
  /** Of a script error, for whoever asks for it. */
  readonly stack?: string;
  /** What only the host of the run knows; what its figures tell is found by whoever judges them. */
  readonly findings: readonly Finding[];
  /** `value` is null where there were no samples. */
  readonly thresholds: readonly ThresholdResult[];
  readonly summary: SummaryData;
  /** What handleSummary returned, or the text summary under `stdout`; the caller writes it. */
  readonly files: Readonly<Record<string, string | ArrayBuffer>>;
  /** started = completed + interrupted; planned = started + dropped. */
  readonly iterations: IterationCounts & { readonly planned: number };
  /** The first exception that ended an iteration, in one line. */
  readonly firstThrown?: string;
  /** How late arrival-rate iterations started, in milliseconds; null without such a scenario. */
  readonly startLag: { readonly p99Ms: number; readonly maxMs: number } | null;
  /** What the load generator cost and how late it was; null where nothing ran. */
  readonly ownDelay: OwnDelay | null;
  readonly durationMs: number;
}

/** What the host of a run found, and the stack of what was thrown. */
export interface HostFinding {
  readonly finding: Finding;
  readonly stack?: string | undefined;
}

/** How a run ended, by what its host found and by what its figures tell (`judged`). */
export function endingOf(
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
