/** Prefix of all variables of this output. */
export const PREFIX = 'K6_PROMETHEUS_RW_';

/** Prefix of variables that name a header. */
export const HEADER = `${PREFIX}HEADERS_`;

/**
 * The headers configured in the environment, including authentication. Errors go to `complain`, without values: each
 * may be secret.
 */
export function headersOf(
  given: Readonly<{ httpHeaders: Record<string, string>; username: string; password: string; bearerToken: string }>,
  environment: Readonly<Record<string, string | undefined>>,
  complain: (fault: string) => void,
): Record<string, string> {
  const headers = { ...given.httpHeaders };
  for (const [variable, value = ''] of Object.entries(environment)) {
    if (variable.startsWith(HEADER) && value !== '') headers[variable.slice(HEADER.length)] = value;
  }
  for (const [name, value] of Object.entries(headers)) {
    // RFC 9110: a token, and a value without control characters. The value may be secret, so it is not quoted.
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[^\t\x20-\x7e\x80-\xff]/.test(value))
      complain(`${PREFIX}HTTP_HEADERS: header ${JSON.stringify(name)} is not a valid HTTP header`);
  }
  const { username, password, bearerToken } = given;
  const basic = username !== '' || password !== '';
  if (bearerToken !== '' && basic)
    complain(`${PREFIX}BEARER_TOKEN and ${PREFIX}USERNAME cannot be combined; leave one of them out`);
  if (bearerToken !== '') headers['authorization'] = `Bearer ${bearerToken}`;
  else if (basic) headers['authorization'] = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  return headers;
}

/** Parses a list such as `a:1,b:2`; `place` names it in errors. */
export function pairsOf(
  text: string,
  sign: string,
  place: string,
  complain: (fault: string) => void,
): Record<string, string> {
  const pairs: Record<string, string> = {};
  for (const item of text.split(',')) {
    if (item.trim() === '') continue;
    const at = item.indexOf(sign);
    if (at < 1) complain(`${place} is not a list of name${sign}value, separated by commas`);
    else pairs[item.slice(0, at).trim()] = item.slice(at + 1).trim();
  }
  return pairs;
}
