/** A name, an IPv4 or IPv6 address, the latter also in brackets. */
const HOST = /^([a-z0-9._-]+|\[[0-9a-f:.]+\]|[0-9a-f]*(:[0-9a-f.]*){2,})$/i;

/** What is wrong with a list of hosts, in words that follow `NAME is "value"; `, or `undefined`. */
export function hostsFault(value: string): string | undefined {
  const wrong = value
    .split(',')
    .map((host) => host.trim())
    .find((host) => host !== '' && !HOST.test(host));
  if (wrong === undefined) return undefined;
  if (wrong.includes('*')) return 'write each host by its exact name: there are no wildcards';
  const name = wrong
    .replace(/^[^/]*:\/\//, '')
    .replace(/[/?#].*$/, '')
    .replace(/^.*@/, '')
    .replace(/:\d*$/, '');
  return `write the host name alone, without scheme and port${HOST.test(name) ? `: ${name}` : ''}`;
}
