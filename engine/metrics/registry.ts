import { modelsOf } from '../../catalogue/metric-models.ts';
import type { MetricModel } from '../../catalogue/metric-models.ts';
import { BUILT_IN_METRICS } from '../../catalogue/metrics.ts';
import type { BuiltInName } from '../../catalogue/metrics.ts';
import { Metric } from './metric.ts';
import type { SampleTap } from './metric.ts';
import type { Contains, MetricType } from '../../catalogue/metrics.ts';

/** k6's rule for names (k6-contract.md 4.1): ASCII letters, digits, `_`, no leading digit, up to 128 characters. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

const BUILT_INS = modelsOf(BUILT_IN_METRICS);

/** All metrics of a run: built-in ones from the start, custom ones as the init code creates them. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();
  readonly #warn: (line: string) => void;

  /** `first`: the initial metrics. */
  constructor(warn: (line: string) => void, first: Readonly<Record<string, MetricModel>> = BUILT_INS) {
    this.#warn = warn;
    for (const [name, { type, contains }] of Object.entries(first)) {
      this.#metrics.set(name, new Metric(name, type, contains, warn));
    }
  }

  builtIn(name: BuiltInName): Metric {
    return this.#metrics.get(name)!;
  }

  find(name: string): Metric | undefined {
    return this.#metrics.get(name);
  }

  all(): IterableIterator<Metric> {
    return this.#metrics.values();
  }

  /** Subscribes to all samples of the run; call it when all metrics are defined and none has samples. */
  subscribe(tap: SampleTap): void {
    for (const metric of this.all()) metric.subscribe(tap);
  }

  /** The metric of that name, created on first use. Returns an error text if the name is invalid or taken. */
  define(name: string, type: MetricType, contains: Contains): Metric | string {
    if (!NAME.test(name)) {
      return `metric name ${JSON.stringify(name)} is not allowed; use letters, digits and _, not starting with a digit, up to 128`;
    }
    const known = this.#metrics.get(name);
    if (known === undefined) {
      const made = new Metric(name, type, contains, this.#warn);
      this.#metrics.set(name, made);
      return made;
    }
    if (known.type === type && known.contains === contains) return known;
    return `metric ${name} already exists as ${describe(known.type, known.contains)}, not ${describe(type, contains)}`;
  }
}

function describe(type: MetricType, contains: Contains): string {
  return contains === 'default' ? type : `${type} of ${contains}`;
}
