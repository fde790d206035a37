import { isIP } from 'node:net';
import { stringMap, wrong } from '../option-fields.ts';
import type { ReadOption } from '../option-fields.ts';
import { covers, hostAndPort, hostPattern } from './host-pattern.ts';
import type { HostPattern } from './host-pattern.ts';

/** Where connections to a host go instead; the `Host` header and the TLS server name stay (k6-contract.md 2.3). */
export interface HostOverride {
  readonly pattern: HostPattern;
  /** Only connections to this port. */
  readonly port: number | undefined;
  readonly address: string;
  readonly toPort: number | undefined;
}

/** Reads `options.hosts`; sorted so that the first that fits is the closest: port before none, name before pattern. */
export const readHosts: ReadOption<readonly HostOverride[]> = (value, place) =>
  Object.entries(stringMap(value, place))
    .map(([from, to]): HostOverride => {
      const at = `${place}["${from}"]`;
      const { host, port } = hostAndPort(from, place);
      const { host: address, port: toPort } = hostAndPort(to, at);
      if (isIP(address) === 0) throw wrong(at, to, `an IP address, such as '127.0.0.1' or '127.0.0.1:8443'`);
      return { pattern: hostPattern(host, place), port, address, toPort };
    })
    .sort((a, b) => closeness(b) - closeness(a));

function closeness({ pattern, port }: HostOverride): number {
  return (pattern.startsWith('*') ? pattern.length : 1_000) + (port === undefined ? 0 : 10_000);
}

/** The override for a connection, if there is one. */
export function overrideFor(hosts: readonly HostOverride[], host: string, port: number): HostOverride | undefined {
  return hosts.find(
    (override) => covers(override.pattern, host) && (override.port === undefined || override.port === port),
  );
}
