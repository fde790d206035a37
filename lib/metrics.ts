import { Counter, Rate, Trend } from 'k6/metrics';
import { METRICS, TAG_VALUES } from '../contract/metrics.ts';
import type { MetricModel, MetricName, MetricTag } from '../contract/metrics.ts';

const CONSTRUCTORS = { counter: Counter, rate: Rate, trend: Trend } as const;

type Tags<N extends MetricName> = Readonly<Record<(typeof METRICS)[N]['tags'][number], string>>;

/** A tag set, and those that one more tag leads to, by the value of that tag. */
interface TagNode {
  readonly tags: Readonly<Record<string, string>>;
  readonly next: Map<string, TagNode>;
}

const tagNode = (tags: Readonly<Record<string, string>>): TagNode => ({ tags: Object.freeze(tags), next: new Map() });

/** Each metric, and the root of the tag sets it was given. Its tags always come in one order. */
const METRIC = Object.fromEntries(
  Object.entries(METRICS).map(([name, model]: [string, MetricModel]) => [
    name,
    { metric: new CONSTRUCTORS[model.type](name, model.contains === 'time'), root: tagNode({}) },
  ]),
) as Record<MetricName, { readonly metric: Counter | Rate | Trend; readonly root: TagNode }>;

function nextNode(node: TagNode, tag: string, given: string): TagNode {
  const known: readonly string[] = TAG_VALUES[tag as MetricTag];
  const value = known.includes(given) ? given : 'other';
  let next = node.next.get(value);
  if (next === undefined) node.next.set(value, (next = tagNode({ ...node.tags, [tag]: value })));
  return next;
}

/**
 * One sample of a metric of the catalogue; tags as the catalogue lists them. Times in milliseconds. A tag value outside its
 * closed list becomes `other`. Equal tags are the same frozen object each time: a host may know it by identity.
 */
export function sample<N extends MetricName>(name: N, value: number | boolean, tags: Tags<N>): void {
  const { metric, root } = METRIC[name];
  const given: Readonly<Record<string, string>> = tags;
  let node = root;
  for (const tag in given) node = node.next.get(given[tag]!) ?? nextNode(node, tag, given[tag]!);
  metric.add(value, node.tags);
}
