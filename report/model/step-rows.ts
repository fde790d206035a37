import { CLIENT_STEPS } from '../../catalogue/steps.ts';
import type { SeriesTotal, Tags } from '../../contract/series-counts.ts';
import type { SeriesTotals } from '../../contract/series-totals.ts';
import { isAnswered, rateOf } from '../../record/record-totals.ts';
import type { StepRow } from './report-model.ts';
import { trendSummary } from './trend-summary.ts';

/** Most rows of a table of requests: names are the script's, and there may be thousands. */
const MOST_REQUESTS = 100;

/** Requests of flows by step, in the order of a flow; steps that the protocol does not know last. */
export function stepRows(totals: SeriesTotals): StepRow[] {
  const order = (name: string): number => {
    const at = (CLIENT_STEPS as readonly string[]).indexOf(name);
    return at < 0 ? CLIENT_STEPS.length : at;
  };
  const judged = totals.breakdown('http_req_failed', ['name'], ({ peer }) => peer === 'pf');
  const answered = totals.breakdown('step_duration', ['step']);
  // Of a script that plays no flows there are no steps.
  if (answered.length === 0 && totals.select('flows') === undefined) return [];
  return rowsOf(
    judged.map(({ tags, total }) => [tags['name'] ?? '', total] as const),
    answered.map(({ tags, total }) => [tags['step'] ?? '', total] as const),
  ).sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
}

/** Rows of requests that were judged (a rate: failed or not), and of the times of those that were answered. */
function rowsOf(
  judged: readonly (readonly [name: string, SeriesTotal])[],
  answered: readonly (readonly [name: string, SeriesTotal])[],
): StepRow[] {
  const [failed, durations] = [new Map(judged), new Map(answered)];
  return [...new Set([...durations.keys(), ...failed.keys()])].flatMap((name) => {
    const { samples, passes } = rateOf(failed.get(name));
    const duration = trendSummary(durations.get(name));
    const requests = Math.max(samples, duration.count);
    return requests === 0 ? [] : [{ name, requests, failed: passes, duration }];
  });
}

/** The rows of some steps. */
export function stepsNamed(rows: readonly StepRow[], names: readonly string[]): StepRow[] {
  return rows.filter(({ name }) => names.includes(name));
}

/** Requests by name, the most frequent first, a hundred names at most. */
export function requestRows(totals: SeriesTotals): StepRow[] {
  const named = (metric: string, only?: (tags: Tags) => boolean) =>
    totals.breakdown(metric, ['name'], only).map(({ tags, total }) => [tags['name'] ?? '', total] as const);
  return rowsOf(named('http_req_failed'), named('http_req_duration', isAnswered))
    .map((row) => ({ ...row, name: row.name === '' ? '(no name)' : row.name }))
    .sort((a, b) => b.requests - a.requests || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_REQUESTS);
}
