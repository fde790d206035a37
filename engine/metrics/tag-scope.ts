import type { Metric } from './metric.ts';
import type { AnySeries, Tags } from './series.ts';

/**
 * The tags that every sample of a place in the test carries: test-wide tags, then the scenario's, the VU's own, the
 * group. Scopes are immutable and interned (`with` gives the same object for the same change), so that a scope can hold
 * the series it leads to: a sample costs a look-up for each of its own tags, never a tag set of its own.
 */
export class TagScope {
  readonly tags: Tags;
  /** Interned children by `name value`; removal of a tag under `name` alone. */
  readonly #children = new Map<string, TagScope>();
  readonly #plain = new Map<Metric, AnySeries>();
  readonly #tagged = new Map<Metric, TagNode>();
  /** Tag sets that are remembered. */
  #remembered = 0;

  constructor(tags: Tags) {
    this.tags = tags;
  }

  /** The scope with one tag more, or changed. */
  with(name: string, value: string): TagScope {
    if (this.tags[name] === value) return this;
    return this.#child(`${name}\u0001${value}`, () => ({ ...this.tags, [name]: value }));
  }

  /** The scope without a tag. */
  without(name: string): TagScope {
    if (!(name in this.tags)) return this;
    return this.#child(name, () => Object.fromEntries(Object.entries(this.tags).filter(([tag]) => tag !== name)));
  }

  #child(key: string, tags: () => Tags): TagScope {
    let child = this.#children.get(key);
    if (child === undefined) {
      child = new TagScope(tags());
      // A script that writes an id into its VU tags must not fill the memory with scopes.
      if (this.#children.size < 1_000) this.#children.set(key, child);
    }
    return child;
  }

  /** The series of a metric in this scope; `own` are the tags of the sample itself and win over the scope's. */
  series(metric: Metric, own?: Tags): AnySeries {
    if (own === undefined) {
      let plain = this.#plain.get(metric);
      if (plain === undefined) this.#plain.set(metric, (plain = metric.seriesFor(this.tags)));
      return plain;
    }
    let root = this.#tagged.get(metric);
    if (root === undefined) this.#tagged.set(metric, (root = new TagNode()));
    let node: TagNode = root;
    for (const name in own) {
      const next: TagNode | undefined = node.next(name, own[name]!, this.#remembered < REMEMBERED);
      if (next === undefined) return metric.seriesFor({ ...this.tags, ...asStrings(own) });
      node = next;
    }
    if (node.series === undefined) {
      node.series = metric.seriesFor({ ...this.tags, ...asStrings(own) });
      this.#remembered++;
    }
    return node.series;
  }
}

/** Most tag sets of one scope that are remembered; what comes after is found by its tags each time. */
const REMEMBERED = 20_000;

/** A tag set in the order in which a script gives it, and those that one more tag leads to. */
class TagNode {
  series: AnySeries | undefined;
  readonly #next = new Map<string, Map<unknown, TagNode>>();

  /** The set with one tag more; undefined where it is unknown and must not be made. */
  next(name: string, value: unknown, make: boolean): TagNode | undefined {
    let byValue = this.#next.get(name);
    const known = byValue?.get(value);
    if (known !== undefined || !make) return known;
    if (byValue === undefined) this.#next.set(name, (byValue = new Map<unknown, TagNode>()));
    const made = new TagNode();
    byValue.set(value, made);
    return made;
  }
}

/** Scripts may give numbers and booleans as tag values; `undefined` and null mean no tag. */
function asStrings(tags: Readonly<Record<string, string | number | boolean | null | undefined>>): Tags {
  const strings: Record<string, string> = {};
  for (const name in tags) if (tags[name] !== undefined && tags[name] !== null) strings[name] = String(tags[name]);
  return strings;
}
