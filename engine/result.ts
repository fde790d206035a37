import { EXIT_CODES, winningExit } from '../contract/exit-codes.ts';
import type { ExitName } from '../contract/exit-codes.ts';
import type { SummaryData } from '../contract/summary-data.ts';
import type { OwnDelay } from '../contract/run-record/own-delay.ts';
import type { Threshold } from './metrics/thresholds.ts';

/** How a run ended, in one word. */
export type Verdict = 'pass' | 'fail' | 'interrupted' | 'aborted' | 'invalid' | 'error';

/** Everything a run leaves behind. */
export interface RunResult {
  readonly exit: ExitName;
  readonly exitCode: number;
  readonly verdict: Verdict;
  /** One line, where there is something to say. */
  readonly reason?: string;
  /** Of a script error, for whoever asks for it. */
  readonly stack?: string;
  /** `value` is null where there were no samples. */
  readonly thresholds: readonly {
    readonly metric: string;
    readonly expression: string;
    readonly value: number | null;
    readonly ok: boolean;
  }[];
  readonly summary: SummaryData;
  /** What handleSummary returned, or the text summary under `stdout`; the caller writes it. */
  readonly files: Readonly<Record<string, string | ArrayBuffer>>;
  /** started = completed + interrupted; planned = started + dropped. */
  readonly iterations: {
    readonly planned: number;
    readonly started: number;
    readonly completed: number;
    readonly interrupted: number;
    readonly dropped: number;
  };
  /** How late arrival-rate iterations started, in milliseconds; null without such a scenario. */
  readonly startLag: { readonly p99Ms: number; readonly maxMs: number } | null;
  /** What the load generator cost and how late it was; null where nothing ran. */
  readonly ownDelay: OwnDelay | null;
  readonly durationMs: number;
}

const VERDICTS: Readonly<Record<ExitName, Verdict>> = {
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

/** A reason why a run did not pass. */
export interface Finding {
  readonly exit: ExitName;
  readonly reason: string;
  readonly stack?: string | undefined;
}

/** Of all findings the one that decides, by EXIT_PRECEDENCE. */
export function decide(
  findings: readonly Finding[],
): Pick<RunResult, 'exit' | 'exitCode' | 'verdict' | 'reason' | 'stack'> {
  const early = findings.find(({ exit }) => exit === 'invalid_configuration' || exit === 'internal_error');
  const exit = early?.exit ?? winningExit(new Set(findings.map((finding) => finding.exit)));
  const finding = findings.find((candidate) => candidate.exit === exit);
  return {
    exit,
    exitCode: EXIT_CODES[exit].code,
    verdict: VERDICTS[exit],
    ...(finding === undefined ? {} : { reason: finding.reason }),
    ...(finding?.stack === undefined ? {} : { stack: finding.stack }),
  };
}

/** The finding that failed thresholds are, if there are any. */
export function failedThresholds(
  thresholds: readonly (Pick<Threshold, 'selector' | 'value' | 'ok'> & {
    readonly expression: { readonly text: string };
  })[],
): Finding | undefined {
  const failed = thresholds.filter(({ ok }) => !ok);
  if (failed.length === 0) return undefined;
  const list = failed.map(({ selector, expression, value }) => `${selector} ${expression.text} (was ${shown(value)})`);
  return {
    exit: 'thresholds_failed',
    reason: `${failed.length === 1 ? 'threshold' : `${failed.length} thresholds`} failed: ${list.join(', ')}`,
  };
}

function shown(value: number | null): string {
  return value === null ? 'without samples' : String(Number(value.toFixed(4)));
}
