import { parseSelector } from '../../contract/threshold-expression.ts';
import type { Direction } from './judged-metrics.ts';
import type { EstimatedRun } from './run-estimates.ts';

/** The direction in which a custom metric gets worse, by its thresholds: `rate<0.01`: higher; `rate>0.95`: lower. */
export function thresholdDirection(runs: readonly EstimatedRun[], metric: string): Direction | undefined {
  const directions = new Set(
    runs
      .flatMap(({ run }) => run.thresholds)
      .filter((threshold) => parseSelector(threshold.metric).metric === metric)
      .map(({ expression }): Direction | undefined =>
        expression.includes('<') ? 'higher' : expression.includes('>') ? 'lower' : undefined,
      ),
  );
  return directions.size === 1 ? [...directions][0] : undefined;
}
