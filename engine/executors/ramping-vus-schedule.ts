import type { Stage } from '../option-fields.ts';

/** From `atMs` on, so many VUs are wanted. */
export interface VuChange {
  readonly atMs: number;
  readonly vus: number;
}

/**
 * The moments at which the number of VUs changes: linear within a stage, whole VUs spread evenly, a stage's target
 * reached exactly at its end (k6-contract.md 3.3; 1→2 in 30 s starts the second VU at 30 s). A stage of no length jumps.
 */
export function vuChanges(startVus: number, stages: readonly Stage[]): readonly VuChange[] {
  const changes: VuChange[] = [{ atMs: 0, vus: startVus }];
  let from = startVus;
  let startMs = 0;
  for (const { durationMs, target } of stages) {
    const steps = Math.abs(target - from);
    const direction = Math.sign(target - from);
    for (let step = 1; step <= steps; step++) {
      changes.push({ atMs: startMs + (durationMs * step) / steps, vus: from + direction * step });
    }
    from = target;
    startMs += durationMs;
  }
  return changes;
}
