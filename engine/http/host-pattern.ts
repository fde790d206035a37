/** A host name, or `*` and the end of one; a `*` stands for anything, dots included. Lower case. */
export type HostPattern = string;

/** Whether a pattern covers a host name. */
export function covers(pattern: HostPattern, host: string): boolean {
  const name = host.toLowerCase();
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
