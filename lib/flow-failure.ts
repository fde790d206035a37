import { FAILURE_MAX_LENGTH, FAILURE_PREFIX } from '../contract/failure-line.ts';
import type { FailureRecord, OffPath } from '../contract/failure-line.ts';
import type { Ending } from './flow/ending.ts';
import type { FlowRun } from './flow/flow-run.ts';
import { statusName } from './flow/words.ts';
import type { PlayedPlan } from './played-plan.ts';

/** Where a flow left its path, in words. */
export function whereOff({ status, path }: OffPath): string {
  return path === 'unexpected'
    ? `unexpected for its kind: ${statusName(status)}`
    : `its kind must reach ${statusName(status)}`;
}

/** Tells a failed flow on the console, step by step. */
export function report(
  { inventory, settings }: PlayedPlan,
  run: string,
  index: number,
  { user, client, open, at, turnedFrom }: FlowRun,
  ending: Ending,
  offPath: OffPath | undefined,
): void {
  // The state from which the user turned away, whatever followed.
  const stood = ending.outcome === 'not_driven' ? (turnedFrom ?? at) : at;
  const record: FailureRecord = {
    run,
    inventory,
    user: (index + settings.userOffset) % inventory.users,
    kind: user.kind,
    prescribed: user.prescribed,
    ...ending,
    ...(open && { expects: 'nothing' }),
    ...(stood !== '' && { at: statusName(stood) }),
    ...(offPath && { offPath: { status: statusName(offPath.status), path: offPath.path } }),
    steps: client.steps,
  };
  console.warn(failureLine(record));
}

/** The console line of a failed flow, with as many first and last steps as fit (contract/failure-line.ts). */
function failureLine(record: FailureRecord): string {
  const { steps } = record;
  for (let kept = steps.length; ; kept = Math.floor(kept / 2)) {
    const head = Math.ceil(kept / 2);
    const some = kept === steps.length ? steps : [...steps.slice(0, head), ...steps.slice(steps.length - kept + head)];
    const line = FAILURE_PREFIX + JSON.stringify({ ...record, steps: some });
    if (line.length <= FAILURE_MAX_LENGTH || kept === 0) return line;
  }
}
