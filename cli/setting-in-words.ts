import { maskUrl, originOf } from '../contract/shown-text.ts';
import { SETTINGS } from '../lib/settings.ts';
import { REDACTED } from '../record/run-file.ts';

/** Settings whose value is shown only in part. */
const TOLD_IN_PART: Readonly<Record<string, (value: string) => string>> = {
  // Knowing a hook's path is enough to trigger the fault.
  FAULT_START_URL: originOf,
  FAULT_END_URL: originOf,
  PF_HEADERS: headersInWords,
  PF_PARAMETERS: parametersInWords,
  PF_CUSTOM_BODY: bodyInWords,
};

/** A setting's value for records and the banner: secrets are redacted, URLs lose user information and query. */
export function settingInWords(name: string, value: string): string {
  if (SETTINGS.get(name)?.parse.type === 'secret') return REDACTED;
  return (TOLD_IN_PART[name] ?? maskUrl)(value);
}

/** `Name: …` per header: any value may be a secret, whatever the name. */
function headersInWords(headers: string): string {
  return headers
    .split(';')
    .filter((header) => header.trim() !== '')
    .map((header) => `${header.split(':', 1)[0]!.trim()}: …`)
    .join('; ');
}

/** Shows a value that is only template placeholders; anything else may be a key. */
function templateOr(value: string): string {
  return /^(\{\{(username|password)\}\})+$/.test(value) ? value : '…';
}

/** `name=…` per parameter. */
function parametersInWords(parameters: string): string {
  return parameters
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? '…' : `${pair.slice(0, at)}=${templateOr(pair.slice(at + 1))}`;
    })
    .join('&');
}

/** The keys of the body, and the values that are templates. */
function bodyInWords(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), (_name, value: unknown) =>
      typeof value === 'object' ? value : templateOr(typeof value === 'string' ? value : ''),
    );
  } catch {
    return '…';
  }
}

/** Maps option paths to the settings of ours that they are made from (lib/secret-files.ts). */
export const OPTION_NAMES = {
  'options.tlsAuth[0].cert': 'TLS_CLIENT_CERT',
  'options.tlsAuth[0].key': 'TLS_CLIENT_KEY',
  'options.tlsAuth[0].password': 'TLS_CLIENT_KEY_PASSWORD',
} as const;
