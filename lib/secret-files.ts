import type { Options } from 'k6/options';
import { ConfigurationError } from '../contract/configuration-error.ts';
import { readFile } from './read-file.ts';
import type { Settings } from './settings.ts';
import { headerLines } from './settings/headers.ts';
import { parametersOf } from './settings/parameters.ts';
import { hostOf } from './target.ts';

/** The secret in a file of one line. Throws a ConfigurationError if it has no line, or more than one. */
function secretOf(setting: string, path: string): string {
  const secret = readFile(setting, path).trim();
  if (secret === '') throw new ConfigurationError(`${setting}: ${path} is empty; write the secret into it`);
  if (/[\r\n]/.test(secret)) {
    throw new ConfigurationError(
      `${setting}: ${path} has more than one line; write the secret into it, and nothing else`,
    );
  }
  return secret;
}

/** Adds secrets from files to the settings. Init code only. Throws a ConfigurationError that never names a secret. */
export function withSecrets(settings: Settings): Settings {
  const { clientSecretFile, bridgeTokenFile, tlsClientKeyPasswordFile, headersFile, parametersFile } = settings;
  const from = (setting: string, path: string, given: string): string =>
    path === '' ? given : secretOf(setting, path);
  const faults: string[] = [];
  const secretHeaders =
    headersFile === ''
      ? {}
      : headerLines(
          'PF_HEADERS_FILE',
          readFile('PF_HEADERS_FILE', headersFile).split('\n'),
          (fault) => void faults.push(fault),
        );
  if (headersFile !== '' && Object.keys(secretHeaders).length === 0 && faults.length === 0) {
    faults.push(`PF_HEADERS_FILE: ${headersFile} is empty; write headers into it, one per line`);
  }
  const complain = (fault: string): void => void faults.push(fault);
  const parameters = { ...settings.parameters };
  if (parametersFile !== '') {
    const text = readFile('PF_PARAMETERS_FILE', parametersFile);
    const secret = parametersOf('PF_PARAMETERS_FILE', text.split(/[&\r\n]+/), complain);
    for (const name of Object.keys(secret)) {
      if (name in parameters)
        complain(`PF_PARAMETERS_FILE: ${name} is also set by PF_PARAMETERS; leave out one of them`);
    }
    if (Object.keys(secret).length === 0 && faults.length === 0) {
      complain(`PF_PARAMETERS_FILE: ${parametersFile} is empty; write parameters into it, one per line`);
    }
    Object.assign(parameters, secret);
  }
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return {
    ...settings,
    clientSecret: from('PF_CLIENT_SECRET_FILE', clientSecretFile, settings.clientSecret),
    bridgeToken: from('BRIDGE_TOKEN_FILE', bridgeTokenFile, settings.bridgeToken),
    tlsClientKeyPassword: from('TLS_CLIENT_KEY_PASSWORD_FILE', tlsClientKeyPasswordFile, settings.tlsClientKeyPassword),
    headers: { ...settings.headers, ...secretHeaders },
    parameters,
  };
}

/** k6's `tlsAuth`: the client certificate, for PingFederate's host only. Init code only. */
export function clientCertificate(settings: Settings): Pick<Options, 'tlsAuth'> {
  const { tlsClientCert, tlsClientKey, tlsClientKeyPassword, baseUrl } = settings;
  if (tlsClientCert === '') return {};
  return {
    tlsAuth: [
      {
        domains: [(hostOf(baseUrl) ?? '').replace(/^\[|\]$/g, '')],
        cert: readFile('TLS_CLIENT_CERT', tlsClientCert),
        key: readFile('TLS_CLIENT_KEY', tlsClientKey),
        ...(tlsClientKeyPassword !== '' && { password: tlsClientKeyPassword }),
      },
    ],
  };
}
