import type { Metric } from './metric.ts';
import type { AnySeries } from './series.ts';
import type { Tags } from '../../contract/series-counts.ts';
import { TagNode, nodeOf } from '../../contract/tag-node.ts';

/**
 * The tags that apply to all samples at some point of the test: test-wide tags, then the scenario's, the VU's, the
 * group. Scopes are immutable and interned (`with` returns the same object for the same change), so that a scope can
 * cache series: a sample costs one look-up per tag of its own, and no new tag set.
 */
export class TagScope {
  readonly tags: Tags;
  /** Interned children by `name value`, or by `name` for its removal. */
  readonly #children = new Map<string, TagScope>();
  readonly #plain = new Map<Metric, AnySeries>();
  readonly #tagged = new Map<Metric, TagNode<AnySeries>>();
  /** Number of cached tag sets. */
  #remembered = 0;

  constructor(tags: Tags) {
    this.tags = tags;
  }

  /** The scope with a tag added or changed. */
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
      // A script that puts ids into its VU tags must not fill the memory with scopes.
      if (this.#children.size < 1_000) this.#children.set(key, child);
    }
    return child;
  }

  /** The series of a metric in this scope; `own` are the sample's own tags, which win over the scope's. */
  series(metric: Metric, own?: Tags): AnySeries {
    if (own === undefined) {
      let plain = this.#plain.get(metric);
      if (plain === undefined) this.#plain.set(metric, (plain = metric.seriesFor(this.tags)));
      return plain;
    }
    let root = this.#tagged.get(metric);
    if (root === undefined) this.#tagged.set(metric, (root = new TagNode()));
    const node = nodeOf(root, own, this.#remembered < REMEMBERED);
    if (node === undefined) return metric.seriesFor({ ...this.tags, ...asStrings(own) });
    if (node.cached === undefined) {
      node.cached = metric.seriesFor({ ...this.tags, ...asStrings(own) });
      this.#remembered++;
    }
    return node.cached;
  }
}

/** Maximum number of cached tag sets per scope; others are looked up by their tags each time. */
const REMEMBERED = 20_000;

/** Scripts may give numbers and booleans as tag values; `undefined` and null mean no tag. */
function asStrings(tags: Readonly<Record<string, string | number | boolean | null | undefined>>): Tags {
  const strings: Record<string, string> = {};
  for (const name in tags) if (tags[name] !== undefined && tags[name] !== null) strings[name] = String(tags[name]);
  return strings;
}
