import { scenario, vu } from 'k6/execution';
import type { FlowWatch } from '../flow/flow-watch.ts';
import type { PlayedPlan } from '../played-plan.ts';
import { spanAt } from './timeline.ts';
import type { Span } from './timeline.ts';

/** The current part of the run, by the scenario's clock. */
const spanNow = ({ timeline }: PlayedPlan): Span => spanAt(timeline!, Date.now() - scenario.startTime);

/** Tags what this virtual user measures from now on with a part of the run. It plays one flow at a time. */
export const tagWith = ({ phase, level }: Span): void => {
  const { tags } = vu.metrics;
  if (tags['phase'] !== phase) tags['phase'] = phase;
  if (level !== undefined && tags['level'] !== level) tags['level'] = level;
};

/** Tags each measurement of a flow with the part of the run in which it happens. */
export const watch = (plan: PlayedPlan): FlowWatch => {
  const tag = (): undefined => {
    tagWith(spanNow(plan));
  };
  return { began: tag, asks: tag, ended: tag };
};
