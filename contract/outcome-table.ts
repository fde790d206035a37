import { OUTCOMES } from '../catalogue/outcomes.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';
import type { Figures } from './figures.ts';
import { selector } from './threshold-selector.ts';

/** Flows by prescribed kind and how they ended. */
export interface OutcomeTable {
  /** Flows started. */
  readonly flows: number;
  /** Flows that were cut off: started − Σ outcomes (design.md). */
  readonly interrupted: number;
  /** Start requests without an HTTP answer. */
  readonly unanswered: number;
  /** Only kinds and outcomes that occurred. */
  readonly outcomes: Readonly<Partial<Record<FlowKind, Partial<Record<Outcome, number>>>>>;
}

/**
 * Reads the outcome table out of figures. It needs the sub-metrics `flow_outcomes{kind:…,outcome:…}`, which k6's summary
 * shows only where a threshold names them (lib/thresholds.ts does).
 */
export function outcomeTable({ values }: Pick<Figures, 'values'>): OutcomeTable {
  const count = (name: string): number => values(name)?.['count'] ?? 0;
  const outcomes: Partial<Record<FlowKind, Partial<Record<Outcome, number>>>> = {};
  let ended = 0;
  for (const kind of Object.keys(FLOW_KINDS) as FlowKind[]) {
    for (const outcome of OUTCOMES) {
      const n = count(selector('flow_outcomes', { kind, outcome }));
      if (n === 0) continue;
      (outcomes[kind] ??= {})[outcome] = n;
      ended += n;
    }
  }
  const flows = count('flows');
  return { flows, interrupted: flows - ended, unanswered: flows - count('starts_answered'), outcomes };
}
