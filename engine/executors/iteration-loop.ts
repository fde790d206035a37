import { count, positiveDuration } from '../option-fields.ts';
import type { Field, ReadField, Scenario, ScenarioVu } from './executor.ts';

/** A VU that starts its next iteration when the last has ended, while `next` allows; then `idle` is called. */
export function loopIterations(scenario: Scenario, vu: ScenarioVu, next: () => boolean, idle: () => void): void {
  if (scenario.open && next()) {
    scenario.iterate(vu, () => loopIterations(scenario, vu, next, idle));
    return;
  }
  scenario.setActive(vu, false);
  idle();
}

/** VUs with a fixed number of iterations. */
export interface CountedIterations {
  readonly vus: number;
  readonly iterations: number;
  readonly maxDurationMs: number;
}

export const ITERATION_FIELDS: Readonly<Record<string, Field>> = {
  vus: [count(1), 1],
  iterations: [count(1), 1],
  maxDuration: [positiveDuration, '10m'],
};

/** Reads ITERATION_FIELDS. */
export function readIterations(field: ReadField): CountedIterations {
  return { vus: field('vus'), iterations: field('iterations'), maxDurationMs: field('maxDuration') };
}
