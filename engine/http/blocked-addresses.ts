import dns from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { list, text, wrong } from '../option-fields.ts';
import type { ReadOption } from '../option-fields.ts';
import { RequestError } from './failure.ts';

/** Reads `options.blacklistIPs`: addresses and CIDR ranges. `undefined` if there are none. */
export const readBlockedAddresses: ReadOption<BlockList | undefined> = (value, place) => {
  const ranges = list(text)(value, place);
  const blocked = new BlockList();
  ranges.forEach((range, at) => {
    const [address = '', prefix, ...more] = range.split('/');
    const version = isIP(address);
    const bits = version === 6 ? 128 : 32;
    const length = prefix === undefined ? bits : Number(prefix);
    if (version === 0 || more.length > 0 || !Number.isInteger(length) || length < 0 || length > bits) {
      throw wrong(`${place}[${at}]`, range, `an IP address or a range such as '10.0.0.0/8'`);
    }
    blocked.addSubnet(address, length, version === 6 ? 'ipv6' : 'ipv4');
  });
  return ranges.length === 0 ? undefined : blocked;
};

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
