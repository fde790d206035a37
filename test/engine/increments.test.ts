import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SeriesTotal } from '../../contract/series-counts.ts';
import { SeriesTotals } from '../../contract/series-totals.ts';
import { MetricRegistry } from '../../engine/metrics/registry.ts';
import { evaluate, readThresholds } from '../../engine/metrics/thresholds.ts';
import { Collector } from '../../engine/recording/collector.ts';
import { incrementDrainer } from '../../engine/recording/increments.ts';

const TYPES = ['counter', 'gauge', 'rate', 'trend'] as const;

/** What a thread does, in order: a sample of a metric with a tag, or handing over what it has. */
const act = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constantFrom(...TYPES),
      tag: fc.constantFrom('a', 'b', 'c'),
      value: fc.integer({ min: -1_000, max: 100_000 }),
      thread: fc.integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ handOver: fc.integer({ min: 0, max: 2 }) }) },
);

const THRESHOLDS = {
  counter: ['count>5000'],
  'counter{tag:a}': ['count<100'],
  rate: ['rate>0.9'],
  gauge: ['value>10'],
  'trend{tag:b}': ['p(95)<50000', 'med>0', 'max<90000'],
};

function recording(): MetricRegistry {
  const registry = new MetricRegistry(() => undefined);
  for (const type of TYPES) registry.define(type, type, 'default');
  return registry;
}

function sample(registry: MetricRegistry, type: string, tag: string, value: number): void {
  registry.find(type)!.seriesFor({ tag }).add(value);
}

function defined(): SeriesTotals {
  const totals = new SeriesTotals();
  for (const type of TYPES) totals.define({ metric: type, type, contains: 'default' });
  return totals;
}

/** Counts, percentiles and verdicts of a recording. */
function judged(totals: SeriesTotals): unknown {
  const thresholds = readThresholds(THRESHOLDS, totals);
  evaluate(thresholds.all, totals, 10_000);
  const contents = (total: SeriesTotal): unknown =>
    'histogram' in total ? total.histogram.encode() : Object.entries(total).filter(([field]) => field !== 'at');
  const encoded = TYPES.flatMap((type) => totals.series(type)).map(({ tags, total }) => [tags, contents(total)]);
  return {
    encoded: encoded.map((entry) => JSON.stringify(entry)).sort(),
    verdicts: thresholds.all.map(({ selector, expression, value, ok }) => [selector, expression.text, value, ok]),
  };
}

test('what threads hand over, however often, merges to the whole: series and thresholds', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 120 }), (acts) => {
      const whole = recording();
      const [all, merged] = [defined(), defined()];
      const collector = new Collector(undefined);
      const threads = [0, 1, 2].map(() => {
        const own = recording();
        const source = collector.source(merged);
        const take = incrementDrainer(own);
        // As it comes over a thread's line: by structured clone.
        return { own, handOver: () => source.add(0, structuredClone(take())) };
      });
      for (const one of acts) {
        if ('handOver' in one) threads[one.handOver]!.handOver();
        else {
          sample(threads[one.thread]!.own, one.type, one.tag, one.value);
          sample(whole, one.type, one.tag, one.value);
        }
      }
      for (const { handOver } of threads) handOver();
      new Collector(undefined).source(all).add(0, incrementDrainer(whole)());
      expect(judged(merged)).toEqual(judged(all));
    }),
  );
});
