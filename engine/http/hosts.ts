/** Redirects connections to a host; the `Host` header and the TLS server name stay (k6-contract.md 2.3). */
export interface HostOverride {
  readonly pattern: HostPattern;
  /** If given, only connections to this port. */
  readonly port: number | undefined;
  readonly address: string;
  readonly toPort: number | undefined;
}

/** The override for a connection, if there is one. */
export function overrideFor(hosts: readonly HostOverride[], host: string, port: number): HostOverride | undefined {
  return hosts.find(
    (override) => covers(override.pattern, host) && (override.port === undefined || override.port === port),
  );
}

/** A host name, or `*` and a suffix; `*` matches anything, dots included. Lower case. */
export type HostPattern = string;

/** Whether a pattern covers a host name. */
export function covers(pattern: HostPattern, host: string): boolean {
  const name = host.toLowerCase();
  return pattern.startsWith('*') ? name.endsWith(pattern.slice(1)) : name === pattern;
}
