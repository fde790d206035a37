import { ConfigurationError } from '../../contract/configuration-error.ts';
import { readDuration } from '../../contract/duration.ts';
import { wrong } from '../option-fields.ts';
import type { MetricRegistry } from './registry.ts';
import { select } from './selection.ts';
import type { Selection } from './selection.ts';
import { judgeThreshold, parseExpression } from '../../contract/threshold-expression.ts';
import type { ThresholdExpression } from '../../contract/threshold-expression.ts';

/** A threshold and its latest evaluation. */
export interface Threshold {
  readonly selector: string;
  readonly selection: Selection;
  readonly expression: ThresholdExpression;
  readonly abortOnFail: boolean;
  readonly delayAbortEvalMs: number;
  /** Null: there were no samples. */
  value: number | null;
  ok: boolean;
}

/** All thresholds of a run, and the selectors that only want to be shown (`'m{tag:v}': []`). */
export interface Thresholds {
  readonly all: readonly Threshold[];
  readonly selectors: ReadonlyMap<string, Selection>;
}

/** Reads `options.thresholds` after init, when all metrics are known. Throws a ConfigurationError. */
export function readThresholds(given: Readonly<Record<string, unknown>>, registry: MetricRegistry): Thresholds {
  const selectors = new Map<string, Selection>();
  const all: Threshold[] = [];
  for (const [selector, list] of Object.entries(given)) {
    const selection = select(registry, selector);
    if (selection === undefined) {
      const known = [...registry.all()].map(({ name }) => name).join(', ');
      throw new ConfigurationError(`threshold "${selector}": there is no metric of that name; there are ${known}`);
    }
    selectors.set(selector, selection);
    for (const item of Array.isArray(list) ? (list as readonly unknown[]) : [list]) {
      all.push(readThreshold(selector, selection, item));
    }
  }
  return { all, selectors };
}

function readThreshold(selector: string, selection: Selection, item: unknown): Threshold {
  const place = `thresholds["${selector}"]`;
  const { threshold, abortOnFail, delayAbortEval } = (
    typeof item === 'object' && item !== null ? item : { threshold: item }
  ) as {
    threshold?: unknown;
    abortOnFail?: unknown;
    delayAbortEval?: unknown;
  };
  if (typeof threshold !== 'string') throw wrong(place, item, `an expression such as 'p(95)<500'`);
  return {
    selector,
    selection,
    expression: parseExpression(threshold, selector, selection.metric.type),
    abortOnFail: abortOnFail === true,
    delayAbortEvalMs:
      delayAbortEval === undefined || delayAbortEval === null ? 0 : readDuration(delayAbortEval, place),
    value: null,
    ok: true,
  };
}

/** Evaluates all thresholds over all samples since the start. */
export function evaluate(thresholds: readonly Threshold[], elapsedMs: number): void {
  for (const threshold of thresholds) {
    const { metric } = threshold.selection;
    Object.assign(
      threshold,
      judgeThreshold(threshold.expression, metric.type, threshold.selection.merged(), elapsedMs / 1_000),
    );
  }
}

/** The thresholds that end the run now: failed, with `abortOnFail`, with samples, after their delay. */
export function aborting(thresholds: readonly Threshold[], elapsedMs: number): readonly Threshold[] {
  return thresholds.filter(
    (threshold) =>
      threshold.abortOnFail &&
      !threshold.ok &&
      elapsedMs >= threshold.delayAbortEvalMs &&
      threshold.selection.merged().samples > 0,
  );
}
