import dns from 'node:dns';
import { isIP } from 'node:net';
import type { BlockList, LookupFunction } from 'node:net';
import { RequestError } from './failure.ts';

/** Whether an address is in one of the ranges. */
export function isBlocked(blocked: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && blocked.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** A name look-up that fails for names of which any address is blocked. */
export function lookupOutside(blocked: BlockList): LookupFunction {
  return (hostname, options, callback) => {
    dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const hit = error === null && addresses.some(({ address }) => isBlocked(blocked, address));
      const failure = error ?? (hit ? new RequestError('PAIRSTORM_BLOCKED_ADDRESS') : null);
      if (failure !== null) callback(failure, '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, addresses[0]!.address, addresses[0]!.family);
    });
  };
}
