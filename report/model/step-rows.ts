import { PF_STEPS } from '../../catalogue/steps.ts';
import { rateOf } from '../../record/record-totals.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { isOfPf, requestTotals } from '../../record/request-totals.ts';
import type { RequestTotal } from '../../record/request-totals.ts';
import type { StepRow } from './report-model.ts';
import { trendSummary } from './trend-summary.ts';

/** Maximum rows: names come from the script, and there may be thousands. */
const MOST_REQUESTS = 100;

/** Requests of flows by step, in the order of a flow; unknown steps last. */
export function stepRows(totals: SeriesTotals): StepRow[] {
  const order = (name: string): number => {
    const at = (PF_STEPS as readonly string[]).indexOf(name);
    return at < 0 ? PF_STEPS.length : at;
  };
  // A script without flows has no steps.
  if (totals.select('flows') === undefined) return [];
  return requestTotals(totals, isOfPf)
    .flatMap(rowOf)
    .sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
}

/** The row of a name, if it has any requests. */
function rowOf({ name, failed, duration: answered }: RequestTotal): StepRow[] {
  const { samples, passes } = rateOf(failed);
  const duration = trendSummary(answered);
  const requests = Math.max(samples, duration.count);
  return requests === 0 ? [] : [{ name, requests, failed: passes, duration }];
}

/** The rows of some steps. */
export function stepsNamed(rows: readonly StepRow[], names: readonly string[]): StepRow[] {
  return rows.filter(({ name }) => names.includes(name));
}

/** Requests by name, most frequent first, limited to MOST_REQUESTS. */
export function requestRows(totals: SeriesTotals): StepRow[] {
  return requestTotals(totals)
    .flatMap(rowOf)
    .map((row) => ({ ...row, name: row.name === '' ? '(no name)' : row.name }))
    .sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_REQUESTS);
}
