import { readTable } from '../contract/setting.ts';
import type { ValuesOf } from '../contract/setting.ts';
import { AGEING_SETTINGS } from './settings/ageing.ts';
import { NETWORK_SETTINGS } from './settings/network.ts';
import { OAUTH_SETTINGS } from './settings/oauth.ts';
import { PACE_SETTINGS } from './settings/pace.ts';
import { PINGONE_SETTINGS } from './settings/pingone.ts';
import { SIGN_ON_SETTINGS } from './settings/sign-on.ts';
import { STRICTNESS_SETTINGS } from './settings/strictness.ts';

/** All settings of the simulator. Each but the OAuth clients is a flag of the command line. */
export const SIMULATOR_SETTINGS = {
  ...NETWORK_SETTINGS,
  ...OAUTH_SETTINGS,
  ...SIGN_ON_SETTINGS,
  ...STRICTNESS_SETTINGS,
  ...PACE_SETTINGS,
  ...PINGONE_SETTINGS,
  ...AGEING_SETTINGS,
};

/** Settings by topic. */
export const SIMULATOR_SETTING_GROUPS = {
  Network: NETWORK_SETTINGS,
  'OAuth clients and tokens': OAUTH_SETTINGS,
  'Sign-on and second factor': SIGN_ON_SETTINGS,
  'Strictness towards clients': STRICTNESS_SETTINGS,
  'Lifetimes and load': PACE_SETTINGS,
  'PingOne behind it': PINGONE_SETTINGS,
  'Ageing, to try a verdict on drift': AGEING_SETTINGS,
};

/** Every setting of docs/simulator.md by its name there. */
export type SimulatorSettings = ValuesOf<typeof SIMULATOR_SETTINGS>;

const OF_PINGONE = [
  ...(['pingoneMs', 'pingonePool', 'pingoneTimeoutMs', 'pingoneRateLimit', 'serviceUnavailable'] as const),
] as const;
const hasPingOne = ({ pingoneWorkers }: SimulatorSettings): boolean => pingoneWorkers > 0;

/** Settings that depend on others; given without them they are an error. */
const NEEDS: readonly (readonly [
  name: keyof SimulatorSettings,
  needs: string,
  applies: (settings: SimulatorSettings) => boolean,
])[] = [
  ['customStatus', 'firstFactor custom', ({ firstFactor }) => firstFactor === 'custom'],
  ['customAction', 'firstFactor custom', ({ firstFactor }) => firstFactor === 'custom'],
  ['addressShare', 'a rateLimit above 0', ({ rateLimit }) => rateLimit > 0],
  ['latencyScale', 'latency on', ({ latency }) => latency === 'on'],
  ['latencyDrift', 'latency on', ({ latency }) => latency === 'on'],
  ['hourlyJob', 'latency on', ({ latency }) => latency === 'on'],
  ['latencyDriftStep', 'a latencyDrift other than 0', ({ latencyDrift }) => latencyDrift !== 0],
  ['latencyShape', 'latency on', ({ latency }) => latency === 'on'],
  [
    'latencySigma',
    'latency on and latencyShape lognormal',
    ({ latency, latencyShape }) => latency === 'on' && latencyShape === 'lognormal',
  ],
  ['pauseMs', 'pauseEveryMs above 0', ({ pauseEveryMs }) => pauseEveryMs > 0],
  ['coldRequests', 'latency on', ({ latency }) => latency === 'on'],
  ['coldAtQueue', 'coldRequests and workers above 0', ({ coldRequests, workers }) => coldRequests > 0 && workers > 0],
  ['besideRequest', 'a requestKeyFile', ({ requestKeyFile }) => requestKeyFile !== ''],
  ['queueLimit', 'workers above 0', ({ workers }) => workers > 0],
  ['acceptQueue', 'workers above 0', ({ workers }) => workers > 0],
  ...OF_PINGONE.map((name) => [name, 'pingoneWorkers above 0', hasPingOne] as const),
  ['statusIn', 'a statusAttribute other than none', ({ statusAttribute }) => statusAttribute !== 'none'],
  [
    'statusIn',
    'accessToken jwt, because an opaque one cannot be read',
    ({ accessToken, statusIn }) => accessToken === 'jwt' || statusIn !== 'access_token',
  ],
];

/** Names each invalid setting and what is allowed. */
export class SimulatorSettingsError extends Error {
  override readonly name = 'SimulatorSettingsError';
}

/** Fills in defaults and checks all values; throws one SimulatorSettingsError that lists every problem. */
export function resolveSettings(given: Partial<SimulatorSettings>): SimulatorSettings {
  const values = new Map<string, unknown>(Object.entries(given));
  const problems = [...values.keys()]
    .filter((name) => !Object.hasOwn(SIMULATOR_SETTINGS, name))
    .map((name) => `${name} is not a setting of the simulator`);
  const complain = (problem: string): void => void problems.push(problem);
  const settings = readTable(SIMULATOR_SETTINGS, { given: (name) => values.get(name), complain });
  for (const [name, needs, applies] of NEEDS) {
    if (given[name] !== undefined && !applies(settings)) problems.push(`${name} has no effect; it needs ${needs}`);
  }
  if (problems.length > 0) throw new SimulatorSettingsError(`simulator: ${problems.join('; ')}`);
  return settings;
}
