import type { Tags } from './series-counts.ts';

/**
 * A tag set in the order given, with what is cached for it, and its extensions by one tag. Found by names and values: virtual users
 * whose tags say the same share it, and it stays in the processor's cache, where an object of each virtual user would not.
 */
export class TagNode<Cached> {
  cached: Cached | undefined;
  readonly #next = new Map<string, Map<unknown, TagNode<Cached>>>();

  /** The set with one more tag; undefined if unknown and not to be created. */
  with(name: string, value: unknown, make: boolean): TagNode<Cached> | undefined {
    let byValue = this.#next.get(name);
    const known = byValue?.get(value);
    if (known !== undefined || !make) return known;
    if (byValue === undefined) this.#next.set(name, (byValue = new Map<unknown, TagNode<Cached>>()));
    const made = new TagNode<Cached>();
    byValue.set(value, made);
    return made;
  }
}

/** The node of a tag set below a root; undefined if unknown and not to be created. */
export function nodeOf<Cached>(root: TagNode<Cached>, tags: Tags, make: boolean): TagNode<Cached> | undefined {
  let node: TagNode<Cached> | undefined = root;
  for (const name in tags) {
    node = node.with(name, tags[name], make);
    if (node === undefined) return undefined;
  }
  return node;
}
