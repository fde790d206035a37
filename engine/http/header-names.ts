/**
 * Header names as Go writes them, which is how k6 shows them (k6-contract.md 6.2): each part between hyphens starts
 * with a capital, the rest is small (https://pkg.go.dev/net/textproto#CanonicalMIMEHeaderKey).
 */
export function canonicalHeaderName(name: string): string {
  let canonical = known.get(name);
  if (canonical === undefined) {
    canonical = name
      .toLowerCase()
      .replace(/(^|-)([a-z])/g, (_all, hyphen: string, letter: string) => hyphen + letter.toUpperCase());
    // Header names come from a server: remember a bounded number of them.
    if (known.size < 1_000) known.set(name, canonical);
  }
  return canonical;
}

const known = new Map<string, string>();
