import { regularDurationMs, vusOf } from '../engine/scenario-options.ts';
import type { ScenarioPlan } from '../engine/scenario-options.ts';
import { lengthInWords } from './load-in-words.ts';

/** Starts that a scenario plans, and the most of them in a second; undefined where virtual users repeat as fast as they can. */
function startsOf(plan: ScenarioPlan): { readonly starts: number; readonly perSecond?: number } | undefined {
  switch (plan.executor) {
    case 'shared-iterations':
      return { starts: plan.iterations };
    case 'per-vu-iterations':
      return { starts: plan.iterations * plan.vus };
    case 'constant-arrival-rate': {
      const perMs = plan.rate / plan.timeUnitMs;
      return { starts: perMs * plan.durationMs, perSecond: perMs * 1000 };
    }
    case 'ramping-arrival-rate': {
      let [from, most, starts] = [plan.startRate, plan.startRate, 0];
      for (const { target, durationMs } of plan.stages) {
        starts += (((from + target) / 2) * durationMs) / plan.timeUnitMs;
        most = Math.max(most, target);
        from = target;
      }
      return { starts, perSecond: (most / plan.timeUnitMs) * 1000 };
    }
    default:
      return undefined;
  }
}

/** How hard a run will hit, and for how long at most, in one line. */
export function planLine(plans: readonly ScenarioPlan[]): string {
  const parts = plans.map(startsOf);
  const vus = plans.reduce((sum, plan) => sum + vusOf(plan).atMost, 0);
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const known = parts.filter((part) => part !== undefined);
  const starts = known.reduce((sum, part) => sum + part.starts, 0);
  const rate = Math.max(0, ...known.map((part) => part.perSecond ?? 0));
  const lengthMs = Math.max(...plans.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
  return [
    known.length < parts.length ? 'starts as fast as they end' : `${count(starts)} starts`,
    ...(rate === 0 ? [] : [`${Number(rate.toFixed(2))}/s at most`]),
    `${count(vus)} virtual users at most`,
    `${lengthInWords(lengthMs)} at most, and what still runs then`,
  ].join(', ');
}
