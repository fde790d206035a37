import { plannedArrivals } from '../contract/planned-scenario.ts';
import { executorOf, regularDurationMs, vusOf } from '../engine/executors/table.ts';
import type { ScenarioPlan } from '../engine/executors/table.ts';
import { lengthInWords } from './load-in-words.ts';
import { plannedRateOf } from './record/run-facts.ts';

/** Planned starts of a scenario, and their peak rate; undefined for a closed model. */
function startsOf(plan: ScenarioPlan): { readonly starts: number; readonly perSecond?: number } | undefined {
  const executor = executorOf(plan);
  const starts = executor.iterations?.(plan);
  if (starts !== undefined) return { starts };
  const [arrivals, rate] = [executor.arrivals?.(plan), plannedRateOf(plan)];
  if (arrivals === undefined || rate === undefined) return undefined;
  const perSecond = Math.max(...rate.map(([, starts]) => starts));
  return { starts: plannedArrivals(arrivals, 0, Infinity), perSecond };
}

/** The planned load and its length in one line. `starts` names what is counted. */
export function planLine(plans: readonly ScenarioPlan[], starts: 'flow starts' | 'iterations'): string {
  const parts = plans.map(startsOf);
  const vus = plans.reduce((sum, plan) => sum + vusOf(plan).atMost, 0);
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const known = parts.filter((part) => part !== undefined);
  const planned = known.reduce((sum, part) => sum + part.starts, 0);
  const rate = Math.max(0, ...known.map((part) => part.perSecond ?? 0));
  const lengthMs = Math.max(...plans.map((plan) => plan.startTimeMs + regularDurationMs(plan)));
  return [
    known.length < parts.length
      ? 'closed model: a VU starts again when its iteration ends'
      : `${count(planned)} ${Math.round(planned) === 1 ? starts.slice(0, -1) : starts}`,
    ...(rate === 0 ? [] : [`up to ${Number(rate.toFixed(2))}/s`]),
    `up to ${count(vus)} ${vus === 1 ? 'VU' : 'VUs'}`,
    `${rate === 0 ? 'up to ' : ''}${lengthInWords(lengthMs)} plus graceful stop`,
  ].join(', ');
}
