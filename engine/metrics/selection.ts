import { carries, resolveSelector } from '../../contract/threshold-selector.ts';
import type { Metric } from './metric.ts';
import type { MetricRegistry } from './registry.ts';
import { mergeSeries } from './series.ts';
import type { AnySeries, Tags } from './series.ts';

/** A metric, or the part of it whose series carry given tags. Series are matched once each, as they appear. */
export class Selection {
  readonly metric: Metric;
  readonly #tags: readonly (readonly [string, string])[];
  readonly #matching: AnySeries[] = [];
  #looked = 0;

  constructor(metric: Metric, tags: Tags) {
    this.metric = metric;
    this.#tags = Object.entries(tags);
  }

  /** One series that holds all samples so far. */
  merged(): AnySeries {
    const { series, type } = this.metric;
    for (; this.#looked < series.length; this.#looked++) {
      const candidate = series[this.#looked]!;
      if (carries(candidate.tags, this.#tags)) this.#matching.push(candidate);
    }
    return this.#matching.length === 1 ? this.#matching[0]! : mergeSeries(type, this.#matching);
  }
}

/** Finds what a selector names; `undefined` if there is no such metric. Throws a ConfigurationError on bad syntax. */
export function select(registry: MetricRegistry, selector: string): Selection | undefined {
  const { metric: name, tags } = resolveSelector(selector, (metric) => registry.find(metric) !== undefined);
  const metric = registry.find(name);
  return metric === undefined ? undefined : new Selection(metric, tags);
}
