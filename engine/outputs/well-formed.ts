/**
 * Text that UTF-8 can hold: half of a surrogate pair, which a script gets by cutting an emoji in two, becomes U+FFFD, as it does
 * in Go.
 */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** The same for the names and values of tags; of two names that become one, the later counts. */
export function wellFormedTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [wellFormed(name), wellFormed(value)]));
}
