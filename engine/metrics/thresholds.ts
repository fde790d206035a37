import { ConfigurationError } from '../../contract/configuration-error.ts';
import { readDuration } from '../../contract/duration.ts';
import { invalidOption } from '../option-fields.ts';
import type { MetricKind, SeriesTotals } from '../../contract/series-totals.ts';
import { judgeThreshold, parseExpression } from '../../contract/threshold-expression.ts';
import type { ThresholdExpression } from '../../contract/threshold-expression.ts';

/** A threshold and its latest evaluation. */
export interface Threshold {
  readonly selector: string;
  /** The metric or sub-metric that is selected. */
  readonly of: MetricKind;
  readonly expression: ThresholdExpression;
  /** As the script wrote it: the expression, or an object with it. */
  readonly written: WrittenThreshold;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
  /** Null: no samples. */
  value: number | null;
  ok: boolean;
}

/** A threshold in the words of a script. */
export type WrittenThreshold =
  string | { readonly threshold: string; readonly abortOnFail?: unknown; readonly delayAbortEval?: unknown };

/** All thresholds of a run, and the selectors that only want to be shown (`'m{tag:v}': []`). */
export interface RunThresholds {
  readonly all: readonly Threshold[];
  readonly selectors: ReadonlyMap<string, MetricKind>;
}

/** Reads `options.thresholds`, after init, when all metrics are defined. Throws a ConfigurationError. */
export function readThresholds(given: Readonly<Record<string, unknown>>, totals: SeriesTotals): RunThresholds {
  const selectors = new Map<string, MetricKind>();
  const all: Threshold[] = [];
  for (const [selector, list] of Object.entries(given)) {
    const of = totals.metricOf(selector);
    if (of === undefined) {
      const known = totals
        .metrics()
        .map(({ metric }) => metric)
        .join(', ');
      throw new ConfigurationError(`threshold "${selector}": there is no such metric; known: ${known}`);
    }
    selectors.set(selector, of);
    for (const item of Array.isArray(list) ? (list as readonly unknown[]) : [list]) {
      all.push(readThreshold(selector, of, item));
    }
  }
  return { all, selectors };
}

function readThreshold(selector: string, of: MetricKind, item: unknown): Threshold {
  const place = `thresholds["${selector}"]`;
  const isObject = typeof item === 'object' && item !== null;
  const { threshold, abortOnFail, delayAbortEval } = (isObject ? item : { threshold: item }) as {
    threshold?: unknown;
    abortOnFail?: unknown;
    delayAbortEval?: unknown;
  };
  if (typeof threshold !== 'string') throw invalidOption(place, item, `an expression such as 'p(95)<500'`);
  return {
    selector,
    of,
    expression: parseExpression(threshold, selector, of.type),
    written: isObject ? { threshold, abortOnFail, delayAbortEval } : threshold,
    abortOnFail: abortOnFail === true,
    delayAbortEvalMs: delayAbortEval === undefined || delayAbortEval === null ? 0 : readDuration(delayAbortEval, place),
    value: null,
    ok: true,
  };
}

/** Evaluates all thresholds over all samples since the start. */
export function evaluate(thresholds: readonly Threshold[], totals: SeriesTotals, elapsedMs: number): void {
  for (const threshold of thresholds) {
    const { selector, of, expression } = threshold;
    Object.assign(threshold, judgeThreshold(expression, of.type, totals.select(selector), elapsedMs / 1_000));
  }
}

/** Thresholds that abort the run now: failed, with `abortOnFail`, with samples, after their delay. */
export function aborting(
  thresholds: readonly Threshold[],
  totals: SeriesTotals,
  elapsedMs: number,
): readonly Threshold[] {
  return thresholds.filter(
    (threshold) =>
      threshold.abortOnFail &&
      !threshold.ok &&
      elapsedMs >= threshold.delayAbortEvalMs &&
      (totals.select(threshold.selector)?.samples ?? 0) > 0,
  );
}
