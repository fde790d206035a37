import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError, flag, listOf, oneOf, record, whole, wrong } from '../contract/decode.ts';
import { CLIENT_PROFILES } from '../protocol/client-profiles.ts';
import type { ClientProfile, ClientProfileName } from '../protocol/client-profiles.ts';
import { readFile } from './read-file.ts';
import type { Settings } from './settings.ts';

/** Fields with a closed list of words; the others have the type of Android's: milliseconds, flags and texts. */
const WORDS: Readonly<Record<string, string>> = {
  like: 'android ios browser',
  startBy: 'GET POST',
  startParametersIn: 'query form protocolParameters',
  cookieOf: 'all 200',
  stateOf: 'all actions',
  waitsBy: 'poll read',
  pace: 'after-answer timer',
  atError: 'ends hangs asks_again',
  payloadWith: 'selectDevice checkOtp',
};

/** Longest pause of a client: an idle flow has expired by then in any deployment. */
const MOST_MS = 600_000;

/** Validates one field of a profile file. Throws a DecodeError. */
function checkField(name: string, value: unknown): void {
  const known: Readonly<Record<string, unknown>> = { like: '', ...CLIENT_PROFILES.android, source: undefined };
  if (!Object.hasOwn(known, name) || known[name] === undefined)
    throw new DecodeError(
      `${JSON.stringify(name.slice(0, 60))} is not known; known: ${Object.keys(known).slice(0, -1).join(', ')}`,
    );
  if (name === 'maxPolls' && value === null) return;
  if (name in WORDS) {
    const word = oneOf(...WORDS[name]!.split(' '));
    (name === 'payloadWith' ? listOf(word) : word)(value, name);
  } else if (typeof known[name] === 'boolean') flag(value, name);
  // Below 10 ms it would be a storm, which has its own value and caps.
  else if (typeof known[name] === 'number') whole({ pollEveryMs: 10, maxPolls: 1 }[name] ?? 0, MOST_MS)(value, name);
  else if (typeof value !== 'string' || !/^[\x20-\x7e]{0,200}$/.test(value) || (value === '' && name !== 'startType'))
    throw wrong(name, 'not text for a header', 'up to 200 printable ASCII characters');
}

/** Decodes a profile file: the client it is like, and the differences. Throws a DecodeError. */
export function decodeProfile(text: string): ClientProfile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('', 'not JSON', 'an object like {"like": "android", "pollEveryMs": 3000}');
  }
  const { like, ...given } = { like: undefined, ...record(value, '') };
  checkField('like', like);
  for (const name of Object.keys(given)) checkField(name, (given as Record<string, unknown>)[name]);
  const profile: ClientProfile = { ...CLIENT_PROFILES[like as unknown as ClientProfileName], ...given };
  if (profile.startBy === 'GET' && profile.startParametersIn !== 'query')
    throw wrong('startParametersIn', profile.startParametersIn, 'query, because startBy is GET');
  if (profile.pace === 'timer' && profile.atError === 'asks_again')
    throw wrong('pace', 'timer', 'after-answer, because atError is asks_again');
  return profile;
}

/** Adds the client of a profile file if CLIENT_PROFILE names one. Init code only. Throws a ConfigurationError. */
export function withProfile(settings: Settings): Settings {
  const { clientProfile: path } = settings;
  if (!path.endsWith('.json')) return settings;
  const text = readFile('CLIENT_PROFILE', path);
  try {
    return { ...settings, ownProfile: decodeProfile(text) };
  } catch (error) {
    throw new ConfigurationError(`CLIENT_PROFILE: ${path}: ${(error as Error).message}`);
  }
}
