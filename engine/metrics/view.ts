import { ConfigurationError } from '../../contract/configuration-error.ts';
import { valuesOf } from '../../contract/series-counts.ts';
import type { TestRun } from '../test-run.ts';
import { select } from './selection.ts';
import type { Selection } from './selection.ts';
import { mergeSeries } from './series.ts';
import type { AnySeries, Tags } from './series.ts';

/** The metrics of a run, as whoever watches it may read them. */
export interface MetricsView {
  /** The values of a metric or sub-metric (`name{tag:value}`); `undefined` without samples or without such a metric. */
  values(selector: string): Readonly<Record<string, number>> | undefined;
  /** The values of a metric by the values of some of its tags. */
  breakdown(
    metric: string,
    tagNames: readonly string[],
  ): readonly { readonly tags: Tags; readonly values: Readonly<Record<string, number>> }[];
}

/** A view on the metrics of a run; it computes when it is asked. */
export function metricsView(run: TestRun): MetricsView {
  const selections = new Map<string, Selection>();
  const valuesNow = (series: AnySeries): Record<string, number> =>
    valuesOf(series, run.settings?.summaryTrendStats ?? [], run.elapsedMs() / 1_000);
  return {
    values(selector) {
      let selection = selections.get(selector);
      if (selection === undefined) {
        selection = select(run.registry, selector);
        if (selection === undefined) return undefined;
        selections.set(selector, selection);
      }
      const merged = selection.merged();
      return merged.samples === 0 ? undefined : valuesNow(merged);
    },
    breakdown(name, tagNames) {
      const metric = run.registry.find(name);
      if (metric === undefined) throw new ConfigurationError(`there is no metric ${name}`);
      const groups = new Map<string, { readonly tags: Tags; readonly series: AnySeries[] }>();
      for (const series of metric.series) {
        const tags = Object.fromEntries(tagNames.map((tag) => [tag, series.tags[tag] ?? '']));
        const key = JSON.stringify(tags);
        const group = groups.get(key) ?? { tags, series: [] };
        groups.set(key, group);
        group.series.push(series);
      }
      return [...groups.values()].map(({ tags, series }) => ({
        tags,
        values: valuesNow(mergeSeries(metric.type, series)),
      }));
    },
  };
}
