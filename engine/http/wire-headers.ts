/** Request headers on the wire: name, value, name, value, … One list from the script's params to the wire. */
export type WireHeaders = string[];

/** A copy of a script's headers object. */
export function wireHeaders(given: Readonly<Record<string, string>> | undefined): WireHeaders {
  const headers: WireHeaders = [];
  for (const name in given) if (Object.hasOwn(given, name)) headers.push(name, given[name]!);
  return headers;
}

/** Adds a header unless one of that name exists, in any case. */
export function addHeader(headers: WireHeaders, name: string, value: string): void {
  if (!hasHeader(headers, name)) headers.push(name, value);
}

/** Whether a header of that name exists, in any case. */
export function hasHeader(headers: WireHeaders, name: string): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    const other = headers[i]!;
    if (other.length === name.length && (other === name || other.toLowerCase() === name.toLowerCase())) return true;
  }
  return false;
}

/** The headers without the given names (in lower case). */
export function withoutHeaders(headers: WireHeaders, names: readonly string[]): WireHeaders {
  return headers.filter((_text, at) => !names.includes(headers[at - (at % 2)]!.toLowerCase()));
}
