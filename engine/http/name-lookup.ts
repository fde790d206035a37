import dns from 'node:dns';
import { isIP } from 'node:net';
import type { BlockList, LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { RequestError } from './failure.ts';

/** How names become addresses (k6-contract.md 2.3, `dns`). */
export interface DnsSettings {
  /** How long an answer holds, in milliseconds: 0 for one look-up, Infinity for the run. */
  readonly ttlMs: number;
  /** Which of a name's addresses the next connection goes to. */
  readonly select: keyof typeof SELECTIONS;
  /** Which family of addresses. */
  readonly policy: keyof typeof POLICIES;
}

/** The place of the address to take of `n`, for the connection that is the `turn`th of this thread to the name. */
export const SELECTIONS = {
  first: () => 0,
  random: (n: number) => Math.floor(Math.random() * n),
  roundRobin: (n: number, turn: number) => turn % n,
} as const;

/** Families by preference; those that come later only where the first has no address. */
export const POLICIES = {
  preferIPv4: [[4], [6]],
  preferIPv6: [[6], [4]],
  onlyIPv4: [[4]],
  onlyIPv6: [[6]],
  any: [[4, 6]],
} as const;

/** Whether an address is in one of the ranges. */
export function isBlocked(blocked: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && blocked.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** Addresses of a name, the same for all who ask within their time. */
interface Known {
  readonly addresses: Promise<readonly dns.LookupAddress[]>;
  readonly until: number;
  turn: number;
}

/**
 * A look-up of names that gives one address, spread over all that a name has. It fails for a name of which any address is blocked. One
 * look-up serves all connections that are waiting for it.
 */
export function nameLookup({ ttlMs, select, policy }: DnsSettings, blocked: BlockList | undefined): LookupFunction {
  const known = new Map<string, Known>();
  const find = async (name: string): Promise<readonly dns.LookupAddress[]> => {
    const all = await dns.promises.lookup(name, { all: true });
    if (blocked !== undefined && all.some(({ address }) => isBlocked(blocked, address))) {
      throw new RequestError('PAIRSTORM_BLOCKED_ADDRESS');
    }
    const families: readonly (readonly number[])[] = POLICIES[policy];
    const usable = families.map((wanted) => all.filter(({ family }) => wanted.includes(family)));
    const addresses = usable.find(({ length }) => length > 0);
    if (addresses === undefined) throw new RequestError('PAIRSTORM_NO_ADDRESS');
    return addresses;
  };
  const ask = (name: string): Known => {
    const now = performance.now();
    let answer = known.get(name);
    if (answer === undefined || answer.until <= now) {
      answer = { addresses: find(name), until: now + ttlMs, turn: answer?.turn ?? 0 };
      known.set(name, answer);
      // A failure is nothing to keep.
      answer.addresses.catch(() => known.delete(name));
    }
    return answer;
  };
  return (name, options, callback) => {
    const answer = ask(name);
    answer.addresses.then(
      (addresses) => {
        const { address, family } = addresses[SELECTIONS[select](addresses.length, answer.turn++)]!;
        if (options.all === true) callback(null, [{ address, family }]);
        else callback(null, address, family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, '', 0),
    );
  };
}
