import { Counter, Rate, Trend } from 'k6/metrics';
import { METRICS, TAG_VALUES } from '../contract/metrics.ts';
import type { MetricModel, MetricName, MetricTag } from '../contract/metrics.ts';

const CONSTRUCTORS = { counter: Counter, rate: Rate, trend: Trend } as const;

type Tags<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['tags'][number], string>>;

const metrics = Object.fromEntries(
  Object.entries(METRICS).map(([name, model]: [string, MetricModel]) => [
    name,
    new CONSTRUCTORS[model.type](name, model.contains === 'time'),
  ]),
) as Record<MetricName, Counter | Rate | Trend>;

const frozenTags = new Map<string, Readonly<Record<string, string>>>();

/**
 * The tag set of these values, the same frozen object each time (a host may recognise it by identity). A value outside
 * its closed list becomes `other`.
 */
function tagSet(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(tags).map(([tag, value]): [string, string] => {
    const known: readonly string[] = TAG_VALUES[tag as MetricTag];
    return [tag, known.includes(value) ? value : 'other'];
  });
  const key = entries.join();
  let known = frozenTags.get(key);
  if (known === undefined) frozenTags.set(key, (known = Object.freeze(Object.fromEntries(entries))));
  return known;
}

/** One sample of a metric of the catalogue; tags as the catalogue lists them. Times in milliseconds. */
export function sample<N extends MetricName>(name: N, value: number | boolean, tags: Tags<N>): void {
  metrics[name].add(value, tagSet(tags));
}
