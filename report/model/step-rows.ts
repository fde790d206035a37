import type { RecordTotals } from '../../analysis/record-totals.ts';
import { CLIENT_STEPS } from '../../contract/steps.ts';
import type { StepRow } from './report-model.ts';
import { rateOf, trendSummary } from './trend-summary.ts';

/** Most rows of a table of requests: names are the script's, and there may be thousands. */
const MOST_REQUESTS = 100;

/** Requests of flows by step, in the order of a flow; steps that the protocol does not know last. */
export function stepRows(totals: RecordTotals): StepRow[] {
  const failed = new Map(
    totals
      .breakdown('http_req_failed', ['name', 'peer'])
      .filter(({ tags }) => tags['peer'] === 'pf')
      .map(({ tags, total }) => [tags['name'] ?? '', rateOf(total).passes]),
  );
  const order = (name: string): number => {
    const at = (CLIENT_STEPS as readonly string[]).indexOf(name);
    return at < 0 ? CLIENT_STEPS.length : at;
  };
  return totals
    .breakdown('step_duration', ['step'])
    .map(({ tags, total }) => {
      const name = tags['step'] ?? '';
      return { name, failed: failed.get(name) ?? 0, duration: trendSummary(total) };
    })
    .filter(({ duration }) => duration.count > 0)
    .sort((a, b) => order(a.name) - order(b.name) || (a.name < b.name ? -1 : 1));
}

/** The rows of some steps. */
export function stepsNamed(rows: readonly StepRow[], names: readonly string[]): StepRow[] {
  return rows.filter(({ name }) => names.includes(name));
}

/** Requests by name, the most frequent first, a hundred names at most. */
export function requestRows(totals: RecordTotals): StepRow[] {
  const failed = new Map(
    totals.breakdown('http_req_failed', ['name']).map(({ tags, total }) => [tags['name'] ?? '', rateOf(total).passes]),
  );
  return totals
    .breakdown('http_req_duration', ['name'])
    .map(({ tags, total }) => {
      const name = tags['name'] ?? '';
      return { name: name === '' ? '(no name)' : name, failed: failed.get(name) ?? 0, duration: trendSummary(total) };
    })
    .filter(({ duration }) => duration.count > 0)
    .sort((a, b) => b.duration.count - a.duration.count || (a.name < b.name ? -1 : 1))
    .slice(0, MOST_REQUESTS);
}
