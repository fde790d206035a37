import type { AddedInterval, NumberedInterval, SeriesName } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';

/** Only the metrics that live numbers need are kept. */
const KEPT: ReadonlySet<string> = new Set([
  ...(['flows', 'iterations', 'dropped_iterations', 'step_lateness'] as const),
  ...(['pairing_duration', 'pairing_error_rate', 'phase_duration'] as const),
  ...(['poll_error_rate', 'polls_per_flow', 'decision_lag'] as const),
  ...(['http_reqs', 'http_req_duration', 'http_req_failed'] as const),
  ...(['generator_event_loop_delay', 'generator_start_lag', 'generator_cpu_cores'] as const),
]);

/** A sliding window over the most recent intervals of a run. */
interface RecentWindow {
  readonly add: (interval: NumberedInterval) => void;
  /** The window's sum, and the newest interval alone. */
  readonly totals: () => Recent;
}

export interface Recent {
  readonly window: SeriesTotals;
  readonly newest: SeriesTotals;
  /** Bounds of the window, in milliseconds since the start of the run's clock. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A window of `intervals` intervals. Several additions for one interval are summed. */
export function recentWindow(intervalMs: number, intervals: number): RecentWindow {
  const names = new Map<number, SeriesName>();
  const kept = new Map<number, AddedInterval['recorded'][number][]>();
  let newest = -1;
  let made: Recent | undefined;
  return {
    add({ index, named, recorded }) {
      for (const { number, ...name } of named) if (KEPT.has(name.metric)) names.set(number, name);
      if (index <= newest - intervals) return;
      made = undefined;
      newest = Math.max(newest, index);
      for (const old of [...kept.keys()]) if (old <= newest - intervals) kept.delete(old);
      const entries = kept.get(index) ?? [];
      kept.set(index, entries);
      for (const [number, counts] of recorded) {
        const series = names.get(number);
        if (series !== undefined) entries.push([series, counts]);
      }
    },
    totals() {
      if (made !== undefined) return made;
      const [window, last] = [new SeriesTotals(), new SeriesTotals()];
      for (const [index, recorded] of kept) {
        window.add({ recorded });
        if (index === newest) last.add({ recorded });
      }
      const first = Math.max(0, newest - intervals + 1);
      made = { window, newest: last, fromMs: first * intervalMs, toMs: (newest + 1) * intervalMs };
      return made;
    },
  };
}
