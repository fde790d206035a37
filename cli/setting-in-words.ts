import { maskUrl, originOf } from '../contract/mask-url.ts';
import { REDACTED } from '../contract/run-record/redacted.ts';
import { SETTINGS } from '../lib/settings.ts';
import type { Setting } from '../lib/settings.ts';

/** Settings of which only a part may be told. */
const TOLD_IN_PART: Readonly<Record<string, (value: string) => string>> = {
  // Who knows the path of a hook can make the fault.
  FAULT_START_URL: originOf,
  FAULT_END_URL: originOf,
  PF_HEADERS: headersInWords,
};

/** The value of a setting as records and the banner tell it: a secret never, a URL without user information and query. */
export function settingInWords(name: string, value: string): string {
  const setting: Setting | undefined = (SETTINGS as Readonly<Record<string, Setting>>)[name];
  if (setting?.type === 'secret') return REDACTED;
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
