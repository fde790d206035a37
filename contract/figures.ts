import type { SummaryData, SummaryMetric } from './summary-data.ts';

/** Values of a metric by statistic, as k6's summary names them: `count`, `rate`, `p(95)`. */
export type Values = Readonly<Record<string, number>>;

/** A threshold with the value that it judged; null: there was no sample. */
export interface ShownThreshold {
  readonly metric: string;
  readonly expression: string;
  readonly value: number | null;
  readonly ok: boolean;
}

/** The figures of a run, wherever they come from: k6's summary data, or the record. */
export interface Figures {
  readonly durationMs: number;
  /** Values of a metric or of a selector; undefined where nothing came: a 0 never stands for that. */
  readonly values: (selector: string) => Values | undefined;
  readonly thresholds: readonly ShownThreshold[];
}

/** Whether a metric of a summary has samples. A counter without one counts as 0. */
function hasSamples({ type, values }: SummaryMetric): boolean {
  if (type === 'trend') return values['count'] !== 0;
  return type !== 'rate' || (values['passes'] ?? 0) + (values['fails'] ?? 0) > 0;
}

/**
 * The figures that k6's summary data tell. Both hosts show a tagged part of a metric there only where a threshold names it. The
 * data have no value of a threshold, so it is looked up by its method.
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
