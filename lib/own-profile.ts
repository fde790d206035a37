import { ConfigurationError } from '../contract/configuration-error.ts';
import { DecodeError, flag, listOf, nullable, oneOf, optional, shape, whole, wrong } from '../contract/decode.ts';
import type { Decoder } from '../contract/decode.ts';
import { CLIENT_PROFILES } from '../protocol/client-profiles.ts';
import type { ClientProfile, ClientProfileName } from '../protocol/client-profiles.ts';
import { readFile } from './read-file.ts';
import type { Settings } from './settings.ts';

/** What a profile file may hold: the client that it is like, and what is different. */
type ProfileFile = { readonly like: ClientProfileName } & Partial<ClientProfile>;

/** Longest pause of a client: a flow that idles longer has expired at any deployment. */
const MOST_MS = 600_000;
const pause = optional(whole(0, MOST_MS));
const atError = optional(oneOf('ends', 'hangs', 'asks_again'));

/** Text that can stand in a header. */
const header =
  (least: number): Decoder<string> =>
  (value, place) => {
    if (typeof value === 'string' && value.length >= least && /^[\x20-\x7e]{0,200}$/.test(value)) return value;
    throw wrong(place, 'no text for a header', `${least} to 200 printable ASCII characters`);
  };

const decodeFile: Decoder<ProfileFile> = shape<ProfileFile>({
  like: oneOf(...(Object.keys(CLIENT_PROFILES) as ClientProfileName[])),
  startBy: optional(oneOf('GET', 'POST')),
  startType: optional(header(0)),
  startParametersIn: optional(oneOf('query', 'form', 'protocolParameters')),
  startXsrf: optional(flag),
  xsrf: optional(header(1)),
  userAgent: optional(header(1)),
  cookieOf: optional(oneOf('all', '200')),
  stateOf: optional(oneOf('all', 'actions')),
  waitsBy: optional(oneOf('poll', 'read')),
  firstPollMs: pause,
  // Below, it would be a storm, which has a field and a cap of its own.
  pollEveryMs: optional(whole(10, MOST_MS)),
  pace: optional(oneOf('after-answer', 'timer')),
  maxPolls: optional(nullable(whole(1, 100_000))),
  giveUpAfterMs: pause,
  readsDecision: optional(flag),
  continueAfterMs: pause,
  payloadWith: optional(listOf(oneOf('selectDevice', 'checkOtp'))),
  atJsonError: atError,
  atOtherError: atError,
});

/** The profile that a file's text describes. Throws a DecodeError. */
function decodeProfile(text: string): ClientProfile {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new DecodeError(`it is not JSON (${error instanceof Error ? error.message.slice(0, 80) : 'unknown'})`);
  }
  const { like, ...given } = decodeFile(value, '');
  const profile: ClientProfile = { ...CLIENT_PROFILES[like], ...given };
  const { startBy, startParametersIn, pace, atJsonError, atOtherError } = profile;
  if (startBy === 'GET' && startParametersIn !== 'query') {
    throw wrong('startParametersIn', JSON.stringify(startParametersIn), '"query", because startBy is "GET"');
  }
  if (pace === 'timer' && [atJsonError, atOtherError].includes('asks_again')) {
    throw wrong('pace', '"timer"', '"after-answer", because an error makes it ask again ("asks_again")');
  }
  return profile;
}

/** The settings with the client of a profile file, if CLIENT_PROFILE names one. Init code only. Throws a ConfigurationError. */
export function withProfile(settings: Settings): Settings {
  const { clientProfile: path } = settings;
  if (!path.endsWith('.json')) return settings;
  const text = readFile('CLIENT_PROFILE', path);
  try {
    return { ...settings, ownProfile: decodeProfile(text) };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new ConfigurationError(`CLIENT_PROFILE: ${path}: ${error.message}`);
  }
}
