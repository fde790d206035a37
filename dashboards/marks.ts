import { counterName, gaugeName } from '../catalogue/metric-models.ts';
import type { LabelOf, MetricOfType } from '../catalogue/metric-models.ts';
import { fact, picked } from './expressions.ts';
import { PUSH_INTERVAL } from './house-style.ts';
import { by } from './selector.ts';
import type { Where } from './selector.ts';

/** PromQL that has a value where something begins. */

/**
 * For how long a mark stays on: longer than a step of the query (annotations.ts), since what is shorter falls between two steps,
 * and what is on in several is one mark to Grafana.
 */
export const MARK = '30s';

/** 1 where series of a counter are there that were not there shortly before: what begins shows there. */
export function begins<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  where?: Where<N>,
): string {
  const there = `${counterName(metric)}${picked(metric, where)}`;
  return `group${by(split)} (${there}) unless group${by(split)} (${there} offset ${MARK})`;
}

/** 1 where a counter begins to grow, also for the second time. */
export function resumes<N extends MetricOfType<'counter'>>(
  metric: N,
  split: readonly LabelOf<N>[],
  where?: Where<N>,
): string {
  const growth = (offset: string): string =>
    `(sum${by(split)} (rate(${counterName(metric)}${picked(metric, where)}[${MARK}:${PUSH_INTERVAL}]${offset})) > 0)`;
  return `${growth('')} unless ${growth(` offset ${MARK}`)}`;
}

/** 1 where a run begins: its virtual users were not there shortly before. */
export function runBegins(): string {
  const there = `${gaugeName('vus_max')}${picked('vus_max')}`;
  return `group by (testid) (${there}) unless group by (testid) (${there} offset ${MARK})`;
}

/** 1 where the planned rate of a scenario changes its course. */
export function stageBegins(): string {
  const stage = fact('pairstorm_scenario_stage');
  return `max by (testid, scenario) (${stage}) > max by (testid, scenario) (${stage} offset ${MARK})`;
}
