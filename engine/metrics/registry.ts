import { modelsOf } from '../../catalogue/metric-models.ts';
import type { MetricModel } from '../../catalogue/metric-models.ts';
import { BUILT_IN_METRICS } from '../../catalogue/metrics.ts';
import type { BuiltInName } from '../../catalogue/metrics.ts';
import { Metric } from './metric.ts';
import type { SampleTap } from './metric.ts';
import type { Contains, MetricType } from './series.ts';

/** k6's rule for names (k6-contract.md 4.1): ASCII letters, digits, `_`, no digit first, at most 128 characters. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;

const BUILT_INS = modelsOf(BUILT_IN_METRICS);

/** All metrics of a run: the built-in ones from the start, custom ones as the init code makes them. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>();
  readonly #warn: (line: string) => void;

  /** `first`: the metrics that are there from the start, with their types and contents. */
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

  /** Lets every sample of the run be heard; to be called when all metrics are defined and none has a sample. */
  hear(tap: SampleTap): void {
    for (const metric of this.all()) metric.hear(tap);
  }

  /** The metric of that name, made at its first use. Returns what is wrong, as a text, when the name cannot be had. */
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
