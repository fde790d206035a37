import { maskUrl, originOf } from '../contract/shown-text.ts';
import { SETTINGS } from '../lib/settings.ts';
import { REDACTED } from '../record/run-file.ts';

/** Settings of which only a part may be told. */
const TOLD_IN_PART: Readonly<Record<string, (value: string) => string>> = {
  // Who knows the path of a hook can make the fault.
  FAULT_START_URL: originOf,
  FAULT_END_URL: originOf,
  PF_HEADERS: headersInWords,
  PF_PARAMETERS: parametersInWords,
  PF_CUSTOM_BODY: bodyInWords,
};

/** The value of a setting as records and the banner tell it: a secret never, a URL without user information and query. */
export function settingInWords(name: string, value: string): string {
  if (SETTINGS.get(name)?.parse.type === 'secret') return REDACTED;
  return (TOLD_IN_PART[name] ?? maskUrl)(value);
}

/** `Name: …` of each header: a name need not say that its value is a secret. */
function headersInWords(headers: string): string {
  return headers
    .split(';')
    .filter((header) => header.trim() !== '')
    .map((header) => `${header.split(':', 1)[0]!.trim()}: …`)
    .join('; ');
}

/** A value that only names what is the user's; any other may be a key. */
function templateOr(value: string): string {
  return /^(\{\{(username|password)\}\})+$/.test(value) ? value : '…';
}

/** `name=…` of each parameter. */
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

/** The names of a model, with such of its texts as are templates. */
function bodyInWords(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), (_name, value: unknown) =>
      typeof value === 'object' ? value : templateOr(typeof value === 'string' ? value : ''),
    );
  } catch {
    return '…';
  }
}

/** By which settings the user of a scenario of ours knows parts of the options that it makes of them (lib/secret-files.ts). */
export const OPTION_NAMES = {
  'options.tlsAuth[0].cert': 'TLS_CLIENT_CERT',
  'options.tlsAuth[0].key': 'TLS_CLIENT_KEY',
  'options.tlsAuth[0].password': 'TLS_CLIENT_KEY_PASSWORD',
} as const;
