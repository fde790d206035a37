/** Replaces unpaired surrogates (from an emoji cut in two, say), which UTF-8 cannot encode, by U+FFFD, as Go does. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Applies it to tag names and values; if two names become equal, the last one wins. */
export function wellFormedTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [wellFormed(name), wellFormed(value)]));
}
