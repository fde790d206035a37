import type { SeriesTotal, Tags } from '../contract/series-counts.ts';
import type { SeriesTotals } from '../contract/series-totals.ts';
import { isAnswered } from './record-totals.ts';

/** Totals of the requests of one name. */
export interface RequestTotal {
  readonly name: string;
  /** Rate of failed requests. */
  readonly failed: SeriesTotal | undefined;
  /** Duration of requests that were answered as expected. */
  readonly duration: SeriesTotal | undefined;
}

/** Requests by name, of the series that `only` accepts. */
export function requestTotals(totals: SeriesTotals, only: (tags: Tags) => boolean = () => true): RequestTotal[] {
  const byName = (metric: string, taken: (tags: Tags) => boolean): ReadonlyMap<string, SeriesTotal> =>
    new Map(totals.breakdown(metric, ['name'], taken).map(({ tags, total }) => [tags['name'] ?? '', total]));
  const durations = byName('http_req_duration', (tags) => only(tags) && isAnswered(tags));
  const failed = byName('http_req_failed', only);
  return [...new Set([...durations.keys(), ...failed.keys()])].map((name) => {
    return { name, failed: failed.get(name), duration: durations.get(name) };
  });
}

/** Whether a series is of requests to PingFederate. */
export const isOfPf = ({ peer }: Tags): boolean => peer === 'pf';
