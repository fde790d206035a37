import { ConfigurationError } from '../../contract/configuration-error.ts';
import { METRIC_MODELS } from '../../catalogue/metric-models.ts';
import type { Tags } from '../../contract/series-counts.ts';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';
import { Metric } from '../../engine/metrics/metric.ts';
import type { AnySeries } from '../../engine/metrics/series.ts';
import type { RecordedSeries } from '../../record/interval-window.ts';

/** More metrics than any script has. */
const MOST_METRICS = 1_000;

/** Series by metric and tag set. The engine's cap applies: excess series are counted together as `other`. */
export class SampleSeries {
  readonly #metrics = new Map<string, Metric>();
  readonly #recorded = new Map<AnySeries, RecordedSeries>();
  readonly #warn: (line: string) => void;

  constructor(warn: (line: string) => void) {
    this.#warn = warn;
  }

  /** Throws a ConfigurationError that names the place if an earlier definition has another type. */
  define(name: string, type: MetricType, contains: Contains, place: string): Metric {
    const known = this.#metrics.get(name);
    if (known !== undefined) {
      if (known.type === type && known.contains === contains) return known;
      throw new ConfigurationError(
        `${place}: metric ${name.slice(0, 100)} is a ${type} of ${contains} here but was a ${known.type} of ${known.contains} before; pass the file of a single run`,
      );
    }
    if (this.#metrics.size >= MOST_METRICS)
      throw new ConfigurationError(`${place}: more than ${MOST_METRICS} metrics; a k6 script has fewer`);
    const made = new Metric(name, type, contains, this.#warn);
    this.#metrics.set(name, made);
    return made;
  }

  /** Types of all metrics defined in the file, including those without samples. */
  types(): ReadonlyMap<string, MetricType> {
    return new Map([...this.#metrics].map(([name, { type }]) => [name, type]));
  }

  /** Returns a sample's series. Throws a ConfigurationError that names the place if the metric's type is unknown. */
  of(name: string, tags: Tags, place: () => string): RecordedSeries {
    let metric = this.#metrics.get(name);
    if (metric === undefined) {
      const known = METRIC_MODELS.get(name);
      if (known === undefined)
        throw new ConfigurationError(
          `${place()}: no earlier Metric line defines the type of ${name.slice(0, 100)}; pass the whole file, from its first line`,
        );
      metric = this.define(name, known.type, known.contains, place());
    }
    const one = metric.seriesFor(tags);
    let series = this.#recorded.get(one);
    if (series === undefined) {
      const { type, contains } = metric;
      const number = this.#recorded.size;
      series = { metric: name, type, contains, tags: one.tags, number, latest: -1, total: undefined };
      this.#recorded.set(one, series);
    }
    return series;
  }
}
