import { Wrong } from '../../contract/setting.ts';
import type { Parser } from '../../contract/setting.ts';

/** A name, an IPv4 address, or an IPv6 address with or without brackets. */
const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\]|[0-9a-f]*(:[0-9a-f.]*){2,})$/i;

/** Exact host names, separated by commas; read in lower case. */
export const hosts: Parser<readonly string[]> = {
  type: 'hosts',
  none: [],
  read: (given) => {
    const names = String(given)
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== '');
    const wrong = names.find((host) => !HOST.test(host));
    return wrong === undefined ? names : new Wrong(remedy(wrong));
  },
};

function remedy(wrong: string): string {
  if (wrong.includes('*')) return 'write each host by its exact name: there are no wildcards';
  const name = wrong
    .replace(/^[^/]*:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/:\d*$/, '');
  return `write the host name alone, without scheme and port${HOST.test(name) ? `: ${name}` : ''}`;
}
