import type { NumberedInterval, SeriesName, SeriesTotal, TrendTotal } from '../../../contract/series-counts.ts';
import { SeriesTotals } from '../../../contract/series-totals.ts';
import { labelsOf } from './labels.ts';
import type { Labels } from './labels.ts';
import { familiesOf, unitDivisor } from './metric-names.ts';
import type { Family } from './metric-names.ts';
import type { ShownSeries } from './shown-series.ts';
import type { PrometheusStat } from './trend-stats.ts';

/**
 * Sums up the intervals of a run and exposes each series under its Prometheus names. The sums equal those of the run
 * record, which is written from the same intervals.
 */
export class MetricTotals {
  readonly #stats: readonly PrometheusStat[];
  readonly #testid: string;
  readonly #show: (series: ShownSeries) => void;
  readonly #warn: (line: string) => void;
  /** Series by number; tag sets with the same labels are one series. */
  readonly #byNumber = new Map<number, SeriesName>();
  readonly #totals = new SeriesTotals();
  readonly #shown = new Set<SeriesTotal>();
  /** The metric that owns a Prometheus name: the first one to use it. */
  readonly #owners = new Map<string, string>();

  /** `show` is called once per series, at its first sample. */
  constructor(
    stats: readonly PrometheusStat[],
    testid: string,
    show: (series: ShownSeries) => void,
    warn: (line: string) => void,
  ) {
    this.#stats = stats;
    this.#testid = testid;
    this.#show = show;
    this.#warn = warn;
  }

  add({ named, recorded }: NumberedInterval): void {
    for (const { number, metric, type, contains, tags } of named) {
      const series = { metric, type, contains, tags: labelsOf(tags, { testid: this.#testid }) };
      this.#byNumber.set(number, series);
      this.#showNew(series);
    }
    this.#totals.add({ recorded: recorded.map(([number, counts]) => [this.#byNumber.get(number)!, counts]) });
  }

  #showNew(series: SeriesName): void {
    const total = this.#totals.totalOf(series);
    if (this.#shown.has(total)) return;
    this.#shown.add(total);
    familiesOf(series, this.#stats).forEach((family, at) => {
      if (!this.#owns(series.metric, family)) return;
      const stat = this.#stats[at];
      const divisor = series.type === 'trend' && stat!.counts ? 1 : unitDivisor(series.contains);
      this.#show(shown(family, series.tags, total, (now) => valueOf(now, stat) / divisor));
    });
  }

  /** Two metrics may map to one name, such as a counter `a` and a gauge `a_total`: only the first one is exposed. */
  #owns(metric: string, { name }: Family): boolean {
    const owner = this.#owners.get(name);
    if (owner === metric) return true;
    if (owner === undefined) {
      this.#owners.set(name, metric);
      return true;
    }
    const clash = `${metric} ${name}`;
    if (!this.#owners.has(clash)) {
      this.#owners.set(clash, metric);
      this.#warn(`Prometheus does not get ${name} of metric ${metric}: metric ${owner} already uses that name`);
    }
    return false;
  }
}

/** Exposes a total; recomputed only after new samples. */
function shown(family: Family, labels: Labels, total: SeriesTotal, read: (total: SeriesTotal) => number): ShownSeries {
  let samples = 0;
  let value: number | undefined;
  return {
    family,
    labels,
    valueAt() {
      if (total.samples !== samples) {
        samples = total.samples;
        value = read(total);
      }
      return value;
    },
  };
}

/** The value of a total (k6-contract.md 8.3), in the record's unit. */
function valueOf(total: SeriesTotal, stat: PrometheusStat | undefined): number {
  if ('histogram' in total) return stat!.of(total satisfies TrendTotal);
  if ('sum' in total) return total.sum;
  if ('passes' in total) return total.passes / total.samples;
  return total.value;
}
