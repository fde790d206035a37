/** Headers that are the client's own or the host's. */
const OWN_HEADERS: readonly string[] = [
  ...['accept', 'authorization', 'connection', 'content-length', 'content-type', 'cookie', 'host', 'te', 'trailer'],
  ...['transfer-encoding', 'upgrade', 'x-pf-authn-api-state', 'x-xsrf-header'],
];

/** Names that say that the value is a secret. */
const SECRET_NAME = /auth|cookie|credential|key|passw|secret|session|signature|token/i;

/**
 * Headers out of lines `Name: value`; empty lines are left out. A header whose name says that it is a secret is taken from the
 * file only. What is wrong is told to `complain`, never with a value.
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
