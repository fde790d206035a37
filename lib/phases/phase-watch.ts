import { scenario, vu } from 'k6/execution';
import type { FlowWatch } from '../flow/flow-watch.ts';
import type { RunPlan } from '../run-plan.ts';
import { spanAt } from './timeline.ts';
import type { Span } from './timeline.ts';

/** The part of the run that it is now, by the scenario's own clock. */
const spanNow = ({ timeline }: RunPlan): Span => spanAt(timeline!, Date.now() - scenario.startTime);

/** From here on, what this virtual user measures belongs to this part. It plays one flow at a time. */
export const tagWith = ({ phase, level }: Span): void => {
  const { tags } = vu.metrics;
  if (tags['phase'] !== phase) tags['phase'] = phase;
  if (level !== undefined && tags['level'] !== level) tags['level'] = level;
};

/** Tags what a flow measures with the part of the run in which it happens. */
export const watch = (plan: RunPlan): FlowWatch => {
  const tag = (): undefined => {
    tagWith(spanNow(plan));
  };
  return { began: tag, asks: tag, ended: tag };
};
