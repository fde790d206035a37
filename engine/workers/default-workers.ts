import { availableParallelism } from 'node:os';

/** Worker threads unless the user says otherwise: a core each, less one for the rest (thresholds, outputs, progress). */
export function defaultWorkers(): number {
  return Math.max(1, availableParallelism() - 1);
}
