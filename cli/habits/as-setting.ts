import { SETTINGS } from '../../lib/settings.ts';
import { settingInWords } from '../setting-in-words.ts';

/** `-e NAME=VALUE`, without what may be secret in the value; a secret is set elsewhere. Undefined: no such setting. */
export function asSetting(name: string, value = '…'): string | undefined {
  const type = SETTINGS.get(name)?.parse.type;
  if (type === undefined) return undefined;
  return type === 'secret'
    ? `set ${name} in the environment, or ${name}_FILE`
    : `write -e ${name}=${settingInWords(name, value)}`;
}

/** `RATE=50` in the place of an argument; undefined: it is none of the settings. */
export function settingWord(word: string): { readonly name: string; readonly meant: string } | undefined {
  const at = word.indexOf('=');
  const name = word.slice(0, Math.max(0, at)).toUpperCase();
  const meant = asSetting(name, word.slice(at + 1));
  return meant === undefined ? undefined : { name, meant };
}

/** The URL that a word is meant as: `http://…` itself, or `host:port` without it; undefined: neither. */
export function urlMeant(word: string): string | undefined {
  if (/^https?:\/\//.test(word)) return word;
  return /^(?:[a-z0-9-]+\.)*[a-z0-9-]+:\d{2,5}(?:\/\S*)?$/i.test(word) ? `http://${word}` : undefined;
}
