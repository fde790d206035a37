import { ConfigurationError } from '../contract/configuration-error.ts';
import { defaultOf, readTable } from '../contract/setting.ts';
import type { ScenarioName, Setting } from '../contract/setting.ts';
import { CLIENT, RETRIES, TIMEOUTS } from './settings/client.ts';
import { customActionOf } from './settings/custom-action.ts';
import { DEVICE } from './settings/device.ts';
import { JUDGEMENT, LOAD, PHASES } from './settings/load.ts';
import { FOR_TESTS, LIMITS, USERS } from './settings/safety.ts';
import { TARGET, TLS } from './settings/target.ts';

/** Every table of settings, under what they are about; docs/settings.md and the help are made of them. */
export const SETTING_GROUPS = {
  'PingFederate and the OAuth client': [TARGET],
  Certificates: [TLS],
  'The users’ phones': [DEVICE],
  'The client that users play': [CLIENT, RETRIES, TIMEOUTS],
  'Users, and what a run may do to them': [USERS, LIMITS],
  Load: [LOAD],
  'When a run fails': [JUDGEMENT],
  'Capacity, spike and resilience': [PHASES],
  'For tests of the harness': [FOR_TESTS],
} satisfies Readonly<Record<string, readonly Readonly<Record<string, Setting<unknown>>>[]>>;

/** Every setting by its name. */
export const SETTINGS: ReadonlyMap<string, Setting<unknown>> = new Map(
  Object.values(SETTING_GROUPS)
    .flat()
    .flatMap((table) => Object.values<Setting<unknown>>(table).map((row) => [row.name, row])),
);

/** Default of a setting in a scenario, as it would be written. */
export function writtenDefault(name: string, scenario?: ScenarioName): string {
  const row = SETTINGS.get(name);
  return row === undefined ? '' : defaultOf(row, scenario);
}

/** The settings of a run, checked. Durations in milliseconds. */
export type Settings = Readonly<ReturnType<typeof readSettings>>;

/** Secrets that a file may hold instead: the setting of that name with `_FILE`. */
const SECRETS_WITH_A_FILE = ['PF_CLIENT_SECRET', 'BRIDGE_TOKEN', 'TLS_CLIENT_KEY_PASSWORD'];

/** What a driver cannot do without. */
const NEEDED_BY_DRIVER = { file: 'PAYLOADS', bridge: 'BRIDGE_URL' };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of a scenario out of an environment. Throws a ConfigurationError that names every setting that is
 * wrong, not just the first. Names that are no settings are left alone: the environment belongs to others too.
 */
export function readSettings(env: Environment, scenario: ScenarioName) {
  const faults: string[] = [];
  const complain = (fault: string): void => void faults.push(fault);
  const reading = { given: (name: string) => env[name], complain, scenario };
  const { clientProof, customStatus, customActionName, customModel, ...target } = readTable(TARGET, reading);
  const device = readTable(DEVICE, reading);
  const users = readTable(USERS, reading);
  // The simulator's users can be put back as they were; a real deployment's are played once, unless somebody says more.
  const usersExhausted: 'stop' | 'recycle' =
    users.usersExhausted ?? (device.driver === 'simulated' ? 'recycle' : 'stop');
  const settings = {
    scenario,
    ...{
      ...target,
      ...readTable(TLS, reading),
      ...device,
      ...readTable(CLIENT, reading),
      retries: readTable(RETRIES, reading),
      timeoutMs: readTable(TIMEOUTS, reading),
    },
    ...clientAuthOf(clientProof, target.clientSecret + target.clientSecretFile !== '', complain),
    customAction: customActionOf(customStatus, customActionName, customModel, complain),
    ...{ ...users, usersExhausted, limits: readTable(LIMITS, reading), ...readTable(FOR_TESTS, reading) },
    ...{ ...readTable(LOAD, reading), ...readTable(JUDGEMENT, reading), ...readTable(PHASES, reading) },
  };
  checkTogether(settings, env, complain);
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return settings;
}

/** Client authentication by what PF_CLIENT_AUTH says, or by whether there is a secret. */
function clientAuthOf(
  said: string | undefined,
  hasSecret: boolean,
  complain: (fault: string) => void,
): { readonly clientAuth: 'none' | 'post' | 'basic'; readonly pkce: boolean } {
  const [way, more] = (said ?? (hasSecret ? 'post' : 'pkce')).split('+');
  if (way === 'pkce') {
    if (hasSecret)
      complain(
        'PF_CLIENT_AUTH is "pkce", a client without a secret, but there is a PF_CLIENT_SECRET; write post+pkce or basic+pkce, or leave the secret out',
      );
    return { clientAuth: 'none', pkce: true };
  }
  if (!hasSecret)
    complain(
      `PF_CLIENT_AUTH is "${said ?? ''}" and needs a secret; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE`,
    );
  return { clientAuth: way === 'basic' ? 'basic' : 'post', pkce: more === 'pkce' };
}

/** Tells `complain` what of the settings does not go together. */
function checkTogether(settings: Settings, env: Environment, complain: (fault: string) => void): void {
  const isGiven = (name: string): boolean => (env[name] ?? '') !== '';
  const refuse = (wrong: boolean, fault: string): void => {
    if (wrong) complain(fault);
  };
  for (const { name, only = {} } of SETTINGS.values()) {
    for (const [other, values] of Object.entries(only)) {
      const value = (env[other] ?? '') || writtenDefault(other, settings.scenario);
      refuse(
        isGiven(name) && !values.includes(value),
        `${name} does not apply to ${other}=${value}; it applies to ${values.join(', ')}`,
      );
    }
  }
  for (const name of SECRETS_WITH_A_FILE) {
    refuse(isGiven(name) && isGiven(`${name}_FILE`), `${name} and ${name}_FILE are both set; set one`);
  }
  for (const [driver, name] of Object.entries(NEEDED_BY_DRIVER)) {
    refuse(settings.driver === driver && !isGiven(name), `DEVICE_DRIVER is "${driver}" and needs ${name}; set it`);
  }
  refuse(
    settings.statusFrom === 'introspection' && settings.clientAuth === 'none',
    'PF_STATUS_FROM is "introspection", which needs a client with a secret; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE',
  );
  refuse(
    isGiven('TLS_CLIENT_CERT') !== isGiven('TLS_CLIENT_KEY'),
    `TLS_CLIENT_${isGiven('TLS_CLIENT_KEY') ? 'CERT' : 'KEY'} is missing; a client certificate needs TLS_CLIENT_CERT and TLS_CLIENT_KEY`,
  );
  refuse(
    !isGiven('TLS_CLIENT_KEY') && (isGiven('TLS_CLIENT_KEY_PASSWORD') || isGiven('TLS_CLIENT_KEY_PASSWORD_FILE')),
    'TLS_CLIENT_KEY_PASSWORD does not apply without TLS_CLIENT_KEY',
  );
  const retries = Object.values(RETRIES).map(({ name }) => name);
  for (const name of ['RETRY_BACKOFF', 'RETRY_BACKOFF_MAX']) {
    refuse(
      isGiven(name) && Object.values(settings.retries).every((attempts) => attempts === 0),
      `${name} has no effect without retries; set one of ${retries.join(', ')} too`,
    );
  }
  refuse(
    isGiven('FAULT_START_URL') !== isGiven('FAULT_END_URL'),
    'FAULT_START_URL and FAULT_END_URL go together: what begins a fault must be able to end it; set both',
  );
  for (const name of ['FAULTS', 'FAULT_SHARE']) {
    refuse(
      isGiven('FAULT_START_URL') && isGiven(name),
      `${name} does not apply with FAULT_START_URL: the hook decides what goes wrong`,
    );
  }
  refuse(new Set(settings.faults).size < settings.faults.length, 'FAULTS names a fault twice');
  refuse(
    settings.maxRate < settings.startRate,
    `MAX_RATE is ${settings.maxRate}, less than START_RATE ${settings.startRate}`,
  );
}
