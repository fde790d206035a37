import { readTable } from '../contract/setting.ts';
import type { ValuesOf } from '../contract/setting.ts';
import { NETWORK_SETTINGS } from './settings/network.ts';
import { OAUTH_SETTINGS } from './settings/oauth.ts';
import { PACE_SETTINGS } from './settings/pace.ts';
import { SIGN_ON_SETTINGS } from './settings/sign-on.ts';
import { STRICTNESS_SETTINGS } from './settings/strictness.ts';

/** Everything that the simulator can be told. Each is a flag of the command line, but for the OAuth clients. */
export const SIMULATOR_SETTINGS = {
  ...NETWORK_SETTINGS,
  ...OAUTH_SETTINGS,
  ...SIGN_ON_SETTINGS,
  ...STRICTNESS_SETTINGS,
  ...PACE_SETTINGS,
};

/** The same, under what they are about. */
export const SIMULATOR_SETTING_GROUPS = {
  Network: NETWORK_SETTINGS,
  'OAuth clients and tokens': OAUTH_SETTINGS,
  'Sign-on and second factor': SIGN_ON_SETTINGS,
  'Mistakes of a client': STRICTNESS_SETTINGS,
  'Lifetimes and load': PACE_SETTINGS,
};

/** The same, read. */
export type SimulatorSettings = ValuesOf<typeof SIMULATOR_SETTINGS>;

/** Settings that mean nothing as others stand: said where they are given all the same. */
const NEEDS: readonly {
  readonly name: keyof SimulatorSettings;
  readonly applies: (settings: SimulatorSettings) => boolean;
  readonly needs: string;
}[] = [
  { name: 'customStatus', applies: ({ firstFactor }) => firstFactor === 'custom', needs: 'firstFactor custom' },
  { name: 'customAction', applies: ({ firstFactor }) => firstFactor === 'custom', needs: 'firstFactor custom' },
  { name: 'addressShare', applies: ({ rateLimit }) => rateLimit > 0, needs: 'a rateLimit above 0' },
  { name: 'latencyScale', applies: ({ latency }) => latency === 'on', needs: 'latency on' },
  { name: 'latencySigma', applies: ({ latency }) => latency === 'on', needs: 'latency on' },
  { name: 'queueLimit', applies: ({ workers }) => workers > 0, needs: 'workers above 0' },
  {
    name: 'statusIn',
    applies: ({ statusAttribute }) => statusAttribute !== 'none',
    needs: 'a statusAttribute other than none',
  },
  {
    name: 'statusIn',
    applies: ({ accessToken, statusIn }) => accessToken === 'jwt' || statusIn !== 'access_token',
    needs: 'accessToken jwt, since nobody can read an opaque one',
  },
];

/** A setting is wrong. The message names each wrong one and what is allowed. */
export class SimulatorSettingsError extends Error {
  override readonly name = 'SimulatorSettingsError';
}

/** Fills in the defaults and checks all values; throws one SimulatorSettingsError that lists every problem. */
export function resolveSettings(given: Partial<SimulatorSettings>): SimulatorSettings {
  const values = new Map<string, unknown>(Object.entries(given));
  const problems = [...values.keys()]
    .filter((name) => !Object.hasOwn(SIMULATOR_SETTINGS, name))
    .map((name) => `${name} is not a setting of the simulator`);
  const complain = (problem: string): void => void problems.push(problem);
  const settings = readTable(SIMULATOR_SETTINGS, { given: (name) => values.get(name), complain });
  for (const { name, applies, needs } of NEEDS) {
    if (given[name] !== undefined && !applies(settings)) problems.push(`${name} has no effect; it needs ${needs}`);
  }
  if (problems.length > 0) throw new SimulatorSettingsError(`simulator: ${problems.join('; ')}`);
  return settings;
}
