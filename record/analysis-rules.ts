import { FAULT_MEASURES } from '../catalogue/fault-measures.ts';
import { object, says, schema } from './schema.ts';
import type { Read } from './schema.ts';

/** How drift is judged, in run.json. */
export const DRIFT = object({
  limit: schema.real(0),
  horizonHours: schema.real(0),
  skipSeconds: schema.optional(schema.real(0)),
  clock: schema.real(1),
});

/** How the drift of a run is judged (docs/soak.md). */
export type DriftRules = Read<typeof DRIFT>;

/** How faults are judged, in run.json. */
export const RESILIENCE = object({
  hypotheses: says(
    'What the faults may do, besides the usual; limits are seconds, shares, factors or flows.',
    schema.listOf(object({ fault: schema.text, measure: schema.oneOf(...FAULT_MEASURES), limit: schema.real(0) })),
  ),
  strict: says('Whether an expectation that is not known fails the run.', schema.flag),
  objective: says('Share of requests that must succeed, for the error budget.', schema.real(0, 1)),
  signInsPerMonth: says('Sign-ins in 30 days, for what a fault costs of the budget.', schema.optional(schema.real(0))),
});

/** How the faults of a run are judged (docs/resilience.md). */
export type ResilienceRules = Read<typeof RESILIENCE>;

/** The usual rules. */
export const RESILIENCE_RULES: ResilienceRules = { hypotheses: [], strict: false, objective: 0.999 };
