import { counterName, gaugeName } from '../catalogue/metric-models.ts';
import type { LabelOf, MetricOfType } from '../catalogue/metric-models.ts';
import { fact, picked } from './expressions.ts';
import { PUSH_INTERVAL } from './house-style.ts';
import { by } from './selector.ts';
import type { Where } from './selector.ts';

/** PromQL that has a value where something starts. */

/**
 * How long a mark lasts: longer than a query step (annotations.ts), or it would fall between two steps. Grafana shows a
 * mark that spans several steps once.
 */
export const MARK = '30s';

/** 1 where a counter has series that did not exist shortly before: something started. */
export function begins<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  where?: Where<N>,
): string {
  const there = `${counterName(metric)}${picked(metric, where)}`;
  return `group${by(split)} (${there}) unless group${by(split)} (${there} offset ${MARK})`;
}

/** 1 where a counter starts to increase, even after a pause. */
export function resumes<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  where?: Where<N>,
): string {
  const growth = (offset: string): string =>
    `(sum${by(split)} (rate(${counterName(metric)}${picked(metric, where)}[${MARK}:${PUSH_INTERVAL}]${offset})) > 0)`;
  return `${growth('')} unless ${growth(` offset ${MARK}`)}`;
}

/** 1 where a run starts: it had no VUs shortly before. */
export function runBegins(): string {
  const there = `${gaugeName('vus_max')}${picked('vus_max')}`;
  return `group by (testid) (${there}) unless group by (testid) (${there} offset ${MARK})`;
}

/** 1 where a scenario's planned rate enters a new stage. */
export function stageBegins(): string {
  const stage = fact('pairstorm_scenario_stage');
  return `max by (testid, scenario) (${stage}) > max by (testid, scenario) (${stage} offset ${MARK})`;
}
