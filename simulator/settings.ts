import { problemOf } from './settings/model.ts';
import type { SettingModel, SettingTable } from './settings/model.ts';
import { NETWORK_SETTINGS } from './settings/network.ts';
import type { NetworkSettings } from './settings/network.ts';
import { OAUTH_SETTINGS } from './settings/oauth.ts';
import type { OAuthSettings } from './settings/oauth.ts';
import { PACE_SETTINGS } from './settings/pace.ts';
import type { PaceSettings } from './settings/pace.ts';
import { SIGN_ON_SETTINGS } from './settings/sign-on.ts';
import type { SignOnSettings } from './settings/sign-on.ts';
import { STRICTNESS_SETTINGS } from './settings/strictness.ts';
import type { StrictnessSettings } from './settings/strictness.ts';

/** Everything that the simulator can be told; meanings, units and defaults stand in SIMULATOR_SETTINGS. */
export interface SimulatorSettings
  extends NetworkSettings, OAuthSettings, SignOnSettings, StrictnessSettings, PaceSettings {}

/** The one table of settings. A flag of the command line is made of each entry with a text, number or boolean. */
export const SIMULATOR_SETTINGS: SettingTable<SimulatorSettings> = {
  ...NETWORK_SETTINGS,
  ...OAUTH_SETTINGS,
  ...SIGN_ON_SETTINGS,
  ...STRICTNESS_SETTINGS,
  ...PACE_SETTINGS,
};

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
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(SIMULATOR_SETTINGS, name)) problems.push(`${name} is not a setting of the simulator`);
  }
  for (const name of Object.keys(SIMULATOR_SETTINGS) as (keyof SimulatorSettings)[]) {
    const value = given[name] ?? SIMULATOR_SETTINGS[name].default;
    const problem = settingProblem(name, value);
    if (problem !== undefined) problems.push(problem);
    values[name] = value;
  }
  const settings = values as unknown as SimulatorSettings;
  for (const { name, applies, needs } of NEEDS) {
    if (given[name] !== undefined && !applies(settings)) problems.push(`${name} has no effect; it needs ${needs}`);
  }
  if (problems.length > 0) throw new SimulatorSettingsError(`simulator: ${problems.join('; ')}`);
  return settings;
}

/** What is wrong with one value, whatever the others are: `port is 99999; expected …`. */
export function settingProblem(name: keyof SimulatorSettings, value: unknown): string | undefined {
  const model: SettingModel<unknown> = SIMULATOR_SETTINGS[name];
  const problem = problemOf(value, model);
  return problem === undefined ? undefined : `${name} is ${JSON.stringify(value)}; expected ${problem}`;
}
