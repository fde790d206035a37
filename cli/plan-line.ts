import { plannedArrivals } from '../contract/planned-scenario.ts';
import { executorOf, regularDurationMs, vusOf } from '../engine/executors/table.ts';
import type { ScenarioPlan } from '../engine/executors/table.ts';
import { lengthInWords } from './load-in-words.ts';

/** Starts that a scenario plans, and the most of them in a second; undefined where virtual users repeat as fast as they can. */
function startsOf(plan: ScenarioPlan): { readonly starts: number; readonly perSecond?: number } | undefined {
  const executor = executorOf(plan);
  const starts = executor.iterations?.(plan);
  if (starts !== undefined) return { starts };
  const arrivals = executor.arrivals?.(plan);
  if (arrivals === undefined) return undefined;
  const perSecond = Math.max(...arrivals.map(([, rate]) => rate));
  return { starts: plannedArrivals(arrivals, 0, Infinity), perSecond };
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
    `${lengthInWords(lengthMs)} plus graceful stop`,
  ].join(', ');
}
