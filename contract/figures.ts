import { OUTCOMES } from '../catalogue/outcomes.ts';
import type { Outcome } from '../catalogue/outcomes.ts';
import { selector } from './selector.ts';
import { FLOW_KINDS } from '../protocol/flow-kinds.ts';
import type { FlowKind } from '../protocol/flow-kinds.ts';

/** Values of a metric by statistic, as k6's summary names them: `count`, `rate`, `p(95)`. */
export type Values = Readonly<Record<string, number>>;

/** A threshold with the value it judged; null: no sample. */
export interface ShownThreshold {
  readonly metric: string;
  readonly expression: string;
  readonly value: number | null;
  readonly ok: boolean;
}

/** The figures of a run, from k6's summary data or from the record. */
export interface Figures {
  readonly durationMs: number;
  /** Values of a metric or a selector; undefined without samples, never 0. */
  readonly values: (selector: string) => Values | undefined;
  readonly thresholds: readonly ShownThreshold[];
}

/** Whether a metric of a summary has samples. A counter without one counts as 0. */
function hasSamples({ type, values }: SummaryMetric): boolean {
  if (type === 'trend') return values['count'] !== 0;
  return type !== 'rate' || (values['passes'] ?? 0) + (values['fails'] ?? 0) > 0;
}

/**
 * The figures in k6's summary data. Both hosts include a sub-metric only if a threshold names it. The data lacks the
 * values of thresholds, so they are looked up by statistic.
 */
export function figuresOfSummary({ metrics, state }: Pick<SummaryData, 'metrics' | 'state'>): Figures {
  const values = (selector: string): Values | undefined => {
    const metric = metrics[selector];
    return metric !== undefined && hasSamples(metric) ? metric.values : undefined;
  };
  const thresholds = Object.entries(metrics).flatMap(([metric, { thresholds: own = {} }]) =>
    Object.entries(own).map(([expression, { ok }]) => {
      const method = /^[a-z]+(\([\d.]+\))?/.exec(expression.trim())?.[0] ?? '';
      return { metric, expression, value: values(metric)?.[method] ?? null, ok };
    }),
  );
  return { durationMs: state.testRunDurationMs, values, thresholds };
}

/** Makes k6 ≥ 1.5 pass a summary of another format, which k6's documentation does not describe (k6-contract.md 4.5). */
export const NEW_SUMMARY = 'K6_NEW_MACHINE_READABLE_SUMMARY';

/** Whether summary data have the known format. */
export function hasFigures({ metrics, state }: Partial<SummaryData>): boolean {
  return metrics !== undefined && state !== undefined;
}

/** The parts that we read of the argument of `handleSummary` on both hosts (k6-contract.md 4.5). */
export interface SummaryData {
  readonly root_group: unknown;
  readonly options: {
    readonly summaryTrendStats: readonly string[];
    readonly summaryTimeUnit: string;
    readonly noColor?: boolean;
  };
  readonly state: { readonly testRunDurationMs: number; readonly [flag: string]: unknown };
  /** By metric name, or by threshold selector `name{tag:value}`. */
  readonly metrics: Readonly<Record<string, SummaryMetric>>;
}

/** One metric or sub-metric of the summary. */
export interface SummaryMetric {
  readonly type: 'counter' | 'gauge' | 'rate' | 'trend';
  readonly contains: 'default' | 'time' | 'data';
  readonly values: Readonly<Record<string, number>>;
  readonly thresholds?: Readonly<Record<string, { readonly ok: boolean }>>;
}

/** Flows by kind and outcome. */
export interface OutcomeTable {
  /** Flows started. */
  readonly flows: number;
  /** Interrupted flows: started − Σ outcomes (docs/architecture.md). */
  readonly interrupted: number;
  /** Start requests without an HTTP answer. */
  readonly unanswered: number;
  /** Only kinds and outcomes that occurred. */
  readonly outcomes: Readonly<Partial<Record<FlowKind, Partial<Record<Outcome, number>>>>>;
}

/**
 * Reads the outcome table from figures. It needs the sub-metrics `flow_outcomes{kind:…,outcome:…}`, which k6's summary
 * includes only if a threshold names them (lib/thresholds.ts does).
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
