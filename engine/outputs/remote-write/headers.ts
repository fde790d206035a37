import { ConfigurationError } from '../../../contract/configuration-error.ts';

/** What all variables of this output begin with. */
export const PREFIX = 'K6_PROMETHEUS_RW_';

/** Begin of a variable, after the prefix, whose rest is the name of a header. */
export const HEADER = 'HEADERS_';

/**
 * The headers that an environment asks for, the one that authenticates among them. Throws a ConfigurationError that repeats
 * no value: each may be a secret.
 */
export function readHeaders(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const get = (name: string): string => environment[PREFIX + name] ?? '';
  const headers = readPairs(get('HTTP_HEADERS'), ':', `${PREFIX}HTTP_HEADERS`);
  for (const [variable, value = ''] of Object.entries(environment)) {
    if (variable.startsWith(PREFIX + HEADER) && value !== '') headers[variable.slice((PREFIX + HEADER).length)] = value;
  }
  for (const [name, value] of Object.entries(headers)) {
    // RFC 9110: a token, and a value without control characters. The value may be secret: it is not repeated.
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      throw new ConfigurationError(
        `${PREFIX}HTTP_HEADERS: header ${JSON.stringify(name)} is not one that HTTP can send`,
      );
  }
  const [user, password, token] = [get('USERNAME'), get('PASSWORD'), get('BEARER_TOKEN')];
  if (token !== '' && (user !== '' || password !== '')) {
    throw new ConfigurationError(
      `${PREFIX}BEARER_TOKEN and ${PREFIX}USERNAME exclude each other; leave one of them out`,
    );
  }
  if (token !== '') headers['authorization'] = `Bearer ${token}`;
  else if (user !== '' || password !== '')
    headers['authorization'] = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return headers;
}

/** A list such as `a:1,b:2`; `place` names it in messages. Throws a ConfigurationError. */
export function readPairs(text: string, sign: string, place: string): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const item of text.split(',')) {
    if (item.trim() === '') continue;
    const at = item.indexOf(sign);
    if (at < 1) throw new ConfigurationError(`${place} is no list of name${sign}value, separated by commas`);
    pairs[item.slice(0, at).trim()] = item.slice(at + 1).trim();
  }
  return pairs;
}
