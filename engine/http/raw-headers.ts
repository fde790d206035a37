import { canonicalHeaderName } from './header-names.ts';

/** Response headers as undici hands them over: name, value, name, value, … */
type RawHeaders = readonly Buffer[];

/** All values of a header; the name is given in lower case. Costs a few comparisons for headers that are not it. */
export function headerValues(raw: RawHeaders, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const key = raw[i]!;
    if (key.length !== name.length || (key[0]! | 0x20) !== name.charCodeAt(0)) continue;
    if (key.toString('latin1').toLowerCase() === name) values.push(raw[i + 1]!.toString('latin1'));
  }
  return values;
}

/** Headers as a script sees them: canonical names, several values joined by `, `. */
export function scriptHeaders(raw: RawHeaders): Record<string, string> {
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = canonicalHeaderName(raw[i]!.toString('latin1'));
    const value = raw[i + 1]!.toString('latin1');
    headers[name] = name in headers ? `${headers[name]!}, ${value}` : value;
  }
  return headers;
}
