import { ConfigurationError } from '../contract/configuration-error.ts';
import { defaultOf, readTable } from '../contract/setting.ts';
import type { ScenarioName, Setting } from '../contract/setting.ts';
import type { ClientProfile } from '../protocol/client-profiles.ts';
import { CLIENT, RETRIES, TIMEOUTS } from './settings/client.ts';
import { customActionOf } from './settings/custom-action.ts';
import { DEVICE } from './settings/device.ts';
import { JUDGEMENT, LOAD, PHASE_SETTINGS } from './settings/load.ts';
import { FOR_TESTS, LIMITS, USERS } from './settings/safety.ts';
import { TARGET, TLS } from './settings/target.ts';

/** All tables of settings by topic; the source of docs/settings.md and of the help. */
export const SETTING_GROUPS = {
  'PingFederate and the OAuth client': [TARGET],
  Certificates: [TLS],
  'The users’ phones': [DEVICE],
  'Client behaviour': [CLIENT, RETRIES, TIMEOUTS],
  'Users, and limits that protect them': [USERS, LIMITS],
  Load: [LOAD],
  'When a run fails': [JUDGEMENT],
  'Capacity, spike and resilience': [PHASE_SETTINGS],
  'For tests of the harness': [FOR_TESTS],
} satisfies Readonly<Record<string, readonly Readonly<Record<string, Setting<unknown>>>[]>>;

/** All settings by name. */
export const SETTINGS: ReadonlyMap<string, Setting<unknown>> = new Map(
  Object.values(SETTING_GROUPS)
    .flat()
    .flatMap((table) => Object.values<Setting<unknown>>(table).map((row) => [row.name, row])),
);

/** Default of a setting in a scenario, as text. */
export function writtenDefault(name: string, scenario?: ScenarioName): string {
  const row = SETTINGS.get(name);
  return row === undefined ? '' : defaultOf(row, scenario);
}

/** The validated settings of a run. Durations in milliseconds. */
export type Settings = Readonly<ReturnType<typeof readSettings>>;

/** Secrets that may come from a file instead, by the setting of that name with `_FILE`. */
const SECRETS_WITH_A_FILE = ['PF_CLIENT_SECRET', 'BRIDGE_TOKEN', 'TLS_CLIENT_KEY_PASSWORD'];

/** The setting that a driver requires. */
const NEEDED_BY_DRIVER = { file: 'PAYLOADS', bridge: 'BRIDGE_URL', 'test-device': 'PF_REQUEST_OBJECT' };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings of a scenario from an environment. Throws a ConfigurationError that names every invalid setting,
 * not just the first. Other names are ignored: the environment belongs to others too.
 */
export function readSettings(env: Environment, scenario: ScenarioName) {
  const faults: string[] = [];
  const complain = (fault: string): void => void faults.push(fault);
  const reading = { given: (name: string) => env[name], complain, scenario };
  const { clientProof, customStatus, customActionName, customModel, ...plain } = readTable(
    { ...TARGET, ...TLS, ...DEVICE, ...CLIENT, ...USERS, ...LOAD, ...JUDGEMENT, ...PHASE_SETTINGS, ...FOR_TESTS },
    reading,
  );
  // The simulator's users can be reset; those of a real deployment are played once unless set otherwise.
  const unsaid = plain.driver === 'simulated' ? 'recycle' : 'stop';
  const settings = {
    scenario,
    ...{ ...plain, usersExhausted: plain.usersExhausted ?? unsaid },
    retries: readTable(RETRIES, reading),
    timeoutMs: readTable(TIMEOUTS, reading),
    limits: readTable(LIMITS, reading),
    ...clientAuthOf(clientProof, plain.clientSecret + plain.clientSecretFile !== '', complain),
    /** The client of a profile file, for all users; read by init code (lib/own-profile.ts). */
    ownProfile: undefined as ClientProfile | undefined,
    customAction: customActionOf(customStatus, customActionName, customModel, complain),
  };
  checkTogether(settings, env, complain);
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return settings;
}

/** Client authentication as PF_CLIENT_AUTH says, or by whether there is a secret. */
function clientAuthOf(
  said: string | undefined,
  hasSecret: boolean,
  complain: (fault: string) => void,
): { readonly clientAuth: 'none' | 'post' | 'basic'; readonly pkce: boolean } {
  const proof = said ?? (hasSecret ? 'post' : 'pkce');
  const isPublic = proof === 'pkce';
  if (isPublic === hasSecret) {
    complain(
      isPublic
        ? 'PF_CLIENT_AUTH is "pkce", a client without a secret, but there is a PF_CLIENT_SECRET; write post+pkce or basic+pkce, or leave the secret out'
        : `PF_CLIENT_AUTH is "${proof}" and needs a secret; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE`,
    );
  }
  const way = proof.startsWith('basic') ? 'basic' : 'post';
  return { clientAuth: isPublic ? 'none' : way, pkce: proof.endsWith('pkce') };
}

/** Reports settings that exclude each other to `complain`. */
function checkTogether(settings: Settings, env: Environment, complain: (fault: string) => void): void {
  const { scenario, driver, statusFrom, clientAuth, faults, startRate, maxRate } = settings;
  const has = (name: string): boolean => (env[name] ?? '') !== '';
  const refuse = (wrong: boolean, fault: string): void => {
    if (wrong) complain(fault);
  };
  for (const { name, only = {} } of [...SETTINGS.values()].filter((row) => has(row.name))) {
    for (const [other, values] of Object.entries(only)) {
      const value = (env[other] ?? '') || writtenDefault(other, scenario);
      const applies = values.includes(value);
      refuse(!applies, `${name} does not apply to ${other}=${value}; it applies to ${values.join(', ')}; unset it`);
    }
  }
  for (const name of SECRETS_WITH_A_FILE) {
    refuse(has(name) && has(`${name}_FILE`), `${name} and ${name}_FILE are both set; set only one`);
  }
  for (const [needy, name] of Object.entries(NEEDED_BY_DRIVER)) {
    refuse(driver === needy && !has(name), `DEVICE_DRIVER is "${driver}" and needs ${name}; set it`);
  }
  refuse(
    has('PF_REQUEST_KEY_FILE'),
    'PF_REQUEST_KEY_FILE is not for k6; set PF_REQUEST_OBJECT="$(pairstorm request-object)"',
  );
  refuse(
    statusFrom === 'introspection' && clientAuth === 'none',
    'PF_STATUS_FROM is "introspection", which needs a client with a secret; set PF_CLIENT_SECRET in the environment, or PF_CLIENT_SECRET_FILE',
  );
  const [cert, key] = [has('TLS_CLIENT_CERT'), has('TLS_CLIENT_KEY')];
  const missing = `TLS_CLIENT_${key ? 'CERT' : 'KEY'}`;
  refuse(cert !== key, `${missing} is missing; a client certificate needs TLS_CLIENT_CERT and TLS_CLIENT_KEY`);
  const password = has('TLS_CLIENT_KEY_PASSWORD') || has('TLS_CLIENT_KEY_PASSWORD_FILE');
  refuse(password && !key, 'TLS_CLIENT_KEY_PASSWORD does not apply without TLS_CLIENT_KEY');
  const once = Object.values(settings.retries).every((attempts) => attempts === 0);
  const retries = Object.values(RETRIES).map(({ name }) => name);
  for (const name of ['RETRY_BACKOFF', 'RETRY_BACKOFF_MAX']) {
    refuse(once && has(name), `${name} has no effect without retries; set one of ${retries.join(', ')} too`);
  }
  const hook = has('FAULT_START_URL');
  refuse(
    hook !== has('FAULT_END_URL'),
    'FAULT_START_URL and FAULT_END_URL must be set together: a fault that is started must be ended',
  );
  for (const name of ['FAULTS', 'FAULT_SHARE']) {
    refuse(hook && has(name), `${name} does not apply with FAULT_START_URL or --on-fault-start`);
  }
  refuse(new Set(faults).size < faults.length, 'FAULTS lists a fault twice');
  refuse(maxRate < startRate, `MAX_RATE is ${maxRate}, less than START_RATE ${startRate}`);
}
