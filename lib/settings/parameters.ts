import { unknownPlaceholder } from '../template.ts';

/** Parameters that the client sets itself. */
const OWN_PARAMETERS: readonly string[] = [
  ...['client_id', 'client_secret', 'response_type', 'response_mode', 'scope', 'state'],
  ...['code_challenge', 'code_challenge_method', 'request'],
];

/**
 * Parses percent-encoded pairs `name=value`; empty ones are skipped. Errors go to `complain`, with place and name but
 * never with a value.
 */
export function parametersOf(
  setting: 'PF_PARAMETERS' | 'PF_PARAMETERS_FILE',
  pairs: readonly string[],
  complain: (fault: string) => void,
): Record<string, string> {
  const found: Record<string, string> = {};
  pairs
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .forEach((pair, index) => {
      const at = pair.indexOf('=');
      let name = '';
      let value = '';
      try {
        name = decodeURIComponent(pair.slice(0, Math.max(at, 0)));
        value = decodeURIComponent(pair.slice(at + 1));
      } catch {
        name = '';
      }
      const place = `${setting}: parameter ${index + 1}`;
      if (name === '') complain(`${place} is not usable; write acr_values=mfa&login_hint={{username}}`);
      else if (OWN_PARAMETERS.includes(name)) complain(`${setting}: ${name} is set by other settings; leave it out`);
      else if (unknownPlaceholder(value) !== undefined)
        complain(`${place}, ${name}, has an unknown placeholder; known: {{username}}, {{password}}`);
      else if (value.includes('{{password}}'))
        complain(`${setting}: do not put a password into a URL; use PF_CUSTOM_BODY`);
      else found[name] = value;
    });
  return found;
}
