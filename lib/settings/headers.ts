/** Headers that the client or the host sets itself. */
const OWN_HEADERS: readonly string[] = [
  ...['accept', 'authorization', 'connection', 'content-length', 'content-type', 'cookie', 'host', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'x-pf-authn-api-state', 'x-xsrf-header'],
];

/** Header names that suggest a secret value. */
const SECRET_NAME = /auth|cookie|credential|key|passw|secret|session|signature|token/i;

/**
 * Parses headers from lines `Name: value`; empty lines are skipped. A header that looks like a secret is accepted only
 * from a file. Errors go to `complain`, never with a value.
 */
export function headerLines(
  setting: 'PF_HEADERS' | 'PF_HEADERS_FILE',
  lines: readonly string[],
  complain: (fault: string) => void,
): Record<string, string> {
  const found: Record<string, string> = {};
  lines.forEach((line, at) => {
    if (line.trim() === '') return;
    const [, name = '', value = ''] = /^\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    const place = `${setting}: ${setting === 'PF_HEADERS' ? 'header' : 'line'} ${at + 1}`;
    // Printable ASCII (RFC 9110 section 5.5).
    if (name === '' || !/^[\x20-\x7e]+$/.test(value))
      complain(`${place} is not usable; write it like X-Environment: staging`);
    else if (OWN_HEADERS.includes(name.toLowerCase()))
      complain(`${place}, ${name}, is set by the client or the host; leave it out`);
    else if (setting === 'PF_HEADERS' && SECRET_NAME.test(name)) {
      complain(`${place}, ${name}, looks like a secret; put it into a file, and set PF_HEADERS_FILE`);
    } else found[name] = value;
  });
  return found;
}
