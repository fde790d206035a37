import { Counter, Gauge, Registry } from 'prom-client';
import type { Labels } from './labels.ts';
import type { ShownRun, ShownSeries } from './shown-series.ts';

const CLASS_OF = { counter: Counter, gauge: Gauge } as const;

/** A run's metrics in Prometheus's text format. */
export class Exposition {
  readonly #registry = new Registry();
  readonly #registered = new Set<string>();
  #now = 0;

  /** Media type. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  async text({ families }: ShownRun): Promise<string> {
    for (const [name, series] of families) {
      if (this.#registered.has(name)) continue;
      this.#registered.add(name);
      this.#register(name, series);
    }
    this.#now = Date.now();
    return this.#registry.metrics();
  }

  /**
   * prom-client's metrics store values of their own under label names fixed in advance. These read the run's state
   * instead: label names differ within a metric, and counters are already summed up.
   */
  #register(name: string, series: readonly ShownSeries[]): void {
    const { type, help } = series[0]!.family;
    const metric = new CLASS_OF[type]({ name, help, registers: [this.#registry] });
    const own = metric.get.bind(metric);
    metric.get = async () => ({ ...(await own()), values: valuesAt(series, this.#now) });
  }
}

function valuesAt(series: readonly ShownSeries[], unixMs: number): { labels: Labels; value: number }[] {
  return series.flatMap(({ labels, valueAt }) => {
    const value = valueAt(unixMs);
    return value === undefined ? [] : [{ labels, value }];
  });
}
