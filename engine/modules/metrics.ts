import type * as K6 from 'k6/metrics';
import type { Metric } from '../metrics/metric.ts';
import type { MetricType } from '../../catalogue/metrics.ts';
import { oncePerRun } from '../once-per-run.ts';
import type { Initialising } from '../test-run.ts';
import type { VirtualUser } from '../virtual-user.ts';
import type { ModuleShape } from './lacking-calls.ts';

/**
 * Module `k6/metrics` (k6-contract.md 4.1, 6.4). Metrics can only be created in init code, so VUs share the classes.
 */
export const metricsModule = ({ run }: VirtualUser) => metricsOf(run) satisfies ModuleShape<typeof K6>;

const metricsOf = oncePerRun((run) => {
  const { Error: ScriptError, TypeError: ScriptTypeError } = run.realm;

  abstract class ScriptMetric {
    readonly name: string;
    readonly #metric: Metric;
    readonly #vu: Initialising;

    constructor(type: MetricType, name: unknown, isTime: unknown) {
      const vu = run.initialising;
      if (vu === undefined) throw new ScriptError('metrics must be declared in the init context');
      if (typeof name !== 'string') throw new ScriptTypeError('a metric needs a name');
      const metric = run.registry.define(name, type, isTime === true ? 'time' : 'default');
      if (typeof metric === 'string') throw new ScriptError(metric);
      this.name = name;
      this.#metric = metric;
      this.#vu = vu;
    }

    add(value: unknown, tags?: Readonly<Record<string, string>> | null): boolean {
      const number = typeof value === 'boolean' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) return this.#refuse(value);
      this.#vu.scope.series(this.#metric, tags ?? undefined).add(number);
      return true;
    }

    #refuse(value: unknown): false {
      const line = `metric ${this.name}: ${String(value)} is not a number; the sample is ignored`;
      if (run.settings?.throw === true) throw new ScriptTypeError(line);
      run.warnOften(`samples of ${this.name} that are not numbers`, line);
      return false;
    }
  }

  return {
    Counter: class Counter extends ScriptMetric {
      constructor(name: unknown, isTime?: unknown) {
        super('counter', name, isTime);
      }
    },
    Gauge: class Gauge extends ScriptMetric {
      constructor(name: unknown, isTime?: unknown) {
        super('gauge', name, isTime);
      }
    },
    Rate: class Rate extends ScriptMetric {
      constructor(name: unknown, isTime?: unknown) {
        super('rate', name, isTime);
      }
    },
    Trend: class Trend extends ScriptMetric {
      constructor(name: unknown, isTime?: unknown) {
        super('trend', name, isTime);
      }
    },
    /** The abstract base class in @types/k6. */
    Metric: ScriptMetric,
  };
});
