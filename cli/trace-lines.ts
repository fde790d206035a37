import type { FailureRecord } from '../contract/failure-line.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import type { TracedEnd, TracedRequest } from '../scenarios/trace/line.ts';

/** A request and its answer, a fact per line. */
export function requestLines(number: number, traced: TracedRequest): string[] {
  const { atMs, step, method, path, fields, carried, http, ms, status, error, offers, session } = traced;
  const answer = [http === 0 ? 'no answer' : String(http), status, error].filter((part) => part !== undefined);
  const cookies = session.map(({ name, is }) => `${name} ${is}`);
  return [
    '',
    `${String(number).padStart(2)}  ${seconds(atMs)}  ${step}  ${method} ${path}`,
    ...listLine('sent', fields),
    ...listLine('with', carried),
    `    → ${answer.join(' ')} in ${ms.toFixed(1)} ms`,
    ...listLine('session', cookies),
    ...listLine('offers', offers),
  ];
}

/** The flow's outcome, and whether it matches the recorded run. */
export function endLines(
  { outcome, reason, machineMs, wholeMs }: TracedEnd,
  prescribed: Outcome,
  requests: number,
  recorded: FailureRecord | undefined,
): string[] {
  const mark = outcome === prescribed ? '✓' : '✗';
  const how = outcome === prescribed ? 'as expected' : `expected ${prescribed}`;
  const took = `${requests} requests, server time ${machineMs.toFixed(1)} ms, total ${seconds(wholeMs).trim()}`;
  const again =
    recorded === undefined
      ? []
      : [
          outcome === recorded.outcome
            ? '  the flow ended as in the run'
            : `  it ended differently in the run: ${recorded.outcome}`,
        ];
  return ['', `${mark} ${outcome} (${reason}), ${how}; ${took}`, ...again];
}

/** Summary of a recorded failed flow. */
export function recordedLine({ run, outcome, reason, steps }: FailureRecord): string {
  const last = steps[steps.length - 1];
  const at = last === undefined ? '' : `, last step ${last.step} ${last.http} ${last.error ?? last.status ?? ''}`;
  return `${outcome} (${reason}) in run ${run}${at.trimEnd()}`;
}

function listLine(title: string, names: readonly string[]): string[] {
  return names.length === 0 ? [] : [`    ${title.padEnd(8)}${names.join(', ')}`];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2).padStart(6)} s`;
}
