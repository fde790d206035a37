/**
 * Header names in Go's form, as k6 shows them (k6-contract.md 6.2): each part between hyphens capitalised
 * (https://pkg.go.dev/net/textproto#CanonicalMIMEHeaderKey).
 */
export function canonicalHeaderName(name: string): string {
  let canonical = known.get(name);
  if (canonical === undefined) {
    canonical = name
      .toLowerCase()
      .replace(/(^|-)([a-z])/g, (_all, hyphen: string, letter: string) => hyphen + letter.toUpperCase());
    // Header names come from a server, so the cache is bounded.
    if (known.size < 1_000) known.set(name, canonical);
  }
  return canonical;
}

const known = new Map<string, string>();
