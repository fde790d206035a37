import { canonicalHeaderName } from './header-names.ts';

/** Response headers: name, value, name, value, … */
type RawHeaders = readonly string[];

const NONE: readonly string[] = [];

/** All values of a header; `name` in lower case. Other headers cost only a few comparisons. */
export function headerValues(raw: RawHeaders, name: string): readonly string[] {
  let values = NONE;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const key = raw[i]!;
    if (key.length !== name.length || (key.charCodeAt(0) | 0x20) !== name.charCodeAt(0)) continue;
    if (key.toLowerCase() !== name) continue;
    const value = raw[i + 1]!;
    // There is hardly ever a second one, and a list that grows has room for seventeen.
    values = values.length === 0 ? [value] : [...values, value];
  }
  return values;
}

/** Headers for a script: canonical names, values joined by `, `. */
export function scriptHeaders(raw: RawHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = canonicalHeaderName(raw[i]!);
    const value = raw[i + 1]!;
    headers[name] = name in headers ? `${headers[name]!}, ${value}` : value;
  }
  return headers;
}
