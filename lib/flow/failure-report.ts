import { FAILURE_MAX_LENGTH, FAILURE_PREFIX } from '../../contract/failure-line.ts';
import type { FailureRecord } from '../../contract/failure-line.ts';

/** The console line of a failed flow: as many first and last steps as fit (contract/failure-line.ts). */
export function failureLine(record: FailureRecord): string {
  const { steps } = record;
  for (let kept = steps.length; ; kept = Math.floor(kept / 2)) {
    const head = Math.ceil(kept / 2);
    const some = kept === steps.length ? steps : [...steps.slice(0, head), ...steps.slice(steps.length - kept + head)];
    const line = FAILURE_PREFIX + JSON.stringify({ ...record, steps: some });
    if (line.length <= FAILURE_MAX_LENGTH || kept === 0) return line;
  }
}
