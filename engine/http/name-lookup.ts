import dns from 'node:dns';
import { isIP } from 'node:net';
import type { BlockList, LookupFunction } from 'node:net';
import { performance } from 'node:perf_hooks';
import { RequestError } from './failure.ts';

/** How names are resolved (k6-contract.md 2.3, `dns`). */
export interface DnsSettings {
  /** Lifetime of an answer in milliseconds: 0 for one look-up, Infinity for the run. */
  readonly ttlMs: number;
  /** Which of a name's addresses the next connection uses. */
  readonly select: keyof typeof SELECTIONS;
  /** Which address family. */
  readonly policy: keyof typeof POLICIES;
}

/** Index of the address among `n`, for this thread's connection number `turn` to the name. */
export const SELECTIONS = {
  first: () => 0,
  random: (n: number) => Math.floor(Math.random() * n),
  roundRobin: (n: number, turn: number) => turn % n,
} as const;

/** Address families by preference; later ones are used only if the first has no address. */
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

/** Addresses of a name, shared within their lifetime. */
interface Known {
  readonly addresses: Promise<readonly dns.LookupAddress[]>;
  readonly until: number;
  turn: number;
}

/**
 * Name look-up that returns one address at a time, spread over all of a name's. Fails if any of them is blocked. One
 * look-up serves all connections that wait for it.
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
      // Failures are not cached.
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
