import { ConfigurationError } from '../contract/configuration-error.ts';
import { readBeside } from './read-file.ts';
import { headerLines } from './settings/headers.ts';
import type { Settings } from './settings.ts';

/** The one line of a file that holds a secret. Throws a ConfigurationError where it is not there or empty. */
function secretOf(setting: string, path: string): string {
  const secret = readBeside(setting, path).trim();
  if (secret === '') throw new ConfigurationError(`${setting}: ${path} is empty; write the secret into it`);
  return secret;
}

/** The settings with the secrets that files hold. Init code only. Throws a ConfigurationError that never names a secret. */
export function withSecrets(settings: Settings): Settings {
  const { clientSecretFile, bridgeTokenFile, tlsClientKeyPasswordFile, headersFile } = settings;
  const from = (setting: string, path: string, given: string): string =>
    path === '' ? given : secretOf(setting, path);
  const faults: string[] = [];
  const secretHeaders =
    headersFile === ''
      ? {}
      : headerLines(
          'PF_HEADERS_FILE',
          readBeside('PF_HEADERS_FILE', headersFile).split('\n'),
          (fault) => void faults.push(fault),
        );
  if (headersFile !== '' && Object.keys(secretHeaders).length === 0 && faults.length === 0) {
    faults.push(`PF_HEADERS_FILE: ${headersFile} is empty; write headers into it, one a line`);
  }
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return {
    ...settings,
    clientSecret: from('PF_CLIENT_SECRET_FILE', clientSecretFile, settings.clientSecret),
    bridgeToken: from('BRIDGE_TOKEN_FILE', bridgeTokenFile, settings.bridgeToken),
    tlsClientKeyPassword: from('TLS_CLIENT_KEY_PASSWORD_FILE', tlsClientKeyPasswordFile, settings.tlsClientKeyPassword),
    headers: { ...settings.headers, ...secretHeaders },
  };
}
