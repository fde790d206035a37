import { ConfigurationError } from '../contract/configuration-error.ts';
import { parseDuration } from '../contract/duration.ts';
import { CLIENT_SETTINGS, readClient } from './settings/client.ts';
import type { ClientSettings } from './settings/client.ts';
import { DEPLOYMENT_SETTINGS } from './settings/deployment.ts';
import type { DeploymentSettings } from './settings/deployment.ts';
import { DEVICE_SETTINGS } from './settings/device.ts';
import type { DeviceSettings } from './settings/device.ts';
import { hostsFault } from './settings/hosts.ts';
import { PHASE_SETTINGS, readPhases } from './settings/phases.ts';
import type { PhaseSettings } from './settings/phases.ts';
import { readDeployment } from './settings/read-deployment.ts';
import { SAFETY_SETTINGS } from './settings/safety.ts';
import type { SafetySettings } from './settings/safety.ts';

/** Names of our scenarios, as files of scenarios/. */
export type ScenarioName = 'smoke' | 'load' | 'soak' | 'capacity' | 'spike' | 'resilience';

/** One thing that a run can be told, by environment on both hosts. */
export interface Setting {
  readonly type:
    'text' | 'secret' | 'path' | 'url' | 'hosts' | 'flag' | 'choice' | 'list' | 'number' | 'whole' | 'duration';
  /** As it would be written; by scenario where they differ. */
  readonly default: string | Readonly<Partial<Record<ScenarioName, string>>>;
  readonly unit?: string;
  /** Of `choice`, and of the words of a `list`, which commas separate. */
  readonly allowed?: readonly string[];
  /** Of `number`, `whole` (in `unit`) and `duration` (in milliseconds). */
  readonly min?: number;
  readonly max?: number;
  /** Scenarios that it applies to; all, if absent. For another scenario it is an error. */
  readonly scenarios?: readonly ScenarioName[];
  /** Values of another setting with which it applies; with others it is an error. */
  readonly only?: Readonly<Record<string, readonly string[]>>;
}

const OPEN_MODEL: readonly ScenarioName[] = ['load', 'soak'];
const WITH_RATE: readonly ScenarioName[] = [...OPEN_MODEL, 'spike', 'resilience'];

/** Every setting. What each means, for people, is in setting-meanings.ts; docs/settings.md is made from both. */
export const SETTINGS = {
  PF_BASE_URL: {
    type: 'url',
    default: 'http://127.0.0.1:9031',
  },
  PF_CLIENT_ID: { type: 'text', default: 'pairstorm' },
  PF_CLIENT_SECRET: {
    type: 'secret',
    default: '',
  },
  PF_CLIENT_SECRET_FILE: { type: 'path', default: '' },
  PF_SCOPE: { type: 'text', default: 'openid' },
  PF_STATUS_CLAIM: {
    type: 'text',
    default: '',
  },
  PF_STATE: {
    type: 'choice',
    allowed: ['cookie', 'cookieless'],
    default: 'cookie',
  },
  PF_ACTION_STYLE: {
    type: 'choice',
    allowed: ['type', 'query'],
    default: 'type',
  },
  ...DEPLOYMENT_SETTINGS,
  ...DEVICE_SETTINGS,
  ...CLIENT_SETTINGS,
  TLS_SKIP_VERIFY: { type: 'flag', default: 'false' },
  ALLOW_HOSTS: {
    type: 'hosts',
    default: '',
  },
  ALLOW_UNVERIFIED: {
    type: 'flag',
    default: 'false',
  },
  ...SAFETY_SETTINGS,
  INVENTORY: {
    type: 'path',
    default: 'inventory.json',
  },
  TIME_SCALE: {
    type: 'number',
    min: 0.001,
    max: 100,
    default: '1',
  },
  MAX_UNEXPECTED: { type: 'number', min: 0, max: 1, default: '0.01' },
  PUSH_DECIDED_BY: { type: 'choice', allowed: ['time', 'poll'], default: 'time' },
  VUS: {
    type: 'whole',
    min: 1,
    max: 100_000,
    default: { smoke: '25', load: '', soak: '', capacity: '', spike: '', resilience: '' },
  },
  FLOWS: {
    type: 'whole',
    min: 1,
    max: 1_000_000,
    default: { smoke: '60' },
    scenarios: ['smoke'],
  },
  RATE: {
    type: 'number',
    min: 0.01,
    max: 100_000,
    unit: 'flows/s',
    default: { load: '20', soak: '2', spike: '5', resilience: '10' },
    scenarios: WITH_RATE,
  },
  RAMP: {
    type: 'duration',
    min: 0,
    max: 86_400_000,
    default: { load: '15s', soak: '1m', spike: '15s', resilience: '15s' },
    scenarios: WITH_RATE,
  },
  DURATION: {
    type: 'duration',
    min: 1000,
    max: 7 * 86_400_000,
    default: { load: '1m', soak: '8h' },
    scenarios: OPEN_MODEL,
  },
  P95_MS: {
    type: 'number',
    min: 1,
    max: 60_000,
    unit: 'ms',
    default: '1000',
    scenarios: [...WITH_RATE, 'capacity'],
  },
  MAX_ERROR_RATE: { type: 'number', min: 0, max: 1, default: '0.01', scenarios: [...WITH_RATE, 'capacity'] },
  ...PHASE_SETTINGS,
} as const satisfies Record<string, Setting>;

/** Name of a setting. */
export type SettingName = keyof typeof SETTINGS;

/** The settings of a run, checked. Durations in milliseconds; `''` where nothing was set. */
export interface Settings extends ClientSettings, DeploymentSettings, DeviceSettings, SafetySettings, PhaseSettings {
  readonly scenario: ScenarioName;
  readonly baseUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly clientSecretFile: string;
  readonly scope: string;
  readonly statusClaim: string;
  readonly state: 'cookie' | 'cookieless';
  readonly actionStyle: 'type' | 'query';
  readonly tlsSkipVerify: boolean;
  readonly allowHosts: readonly string[];
  readonly allowUnverified: boolean;
  readonly inventory: string;
  readonly timeScale: number;
  readonly pushDecidedBy: 'time' | 'poll';
  readonly vus: number | undefined;
  readonly flows: number;
  readonly rate: number;
  readonly rampMs: number;
  readonly durationMs: number;
  readonly p95Ms: number;
  readonly maxErrorRate: number;
  readonly maxUnexpected: number;
}

/** Secrets that a file may hold instead: the setting of that name with `_FILE`. */
const SECRETS_WITH_A_FILE = ['PF_CLIENT_SECRET', 'BRIDGE_TOKEN', 'TLS_CLIENT_KEY_PASSWORD'] as const;

/** Values that are not repeated: what comes before or after the host of a URL. */
const MAY_HOLD_A_SECRET: Partial<Record<Setting['type'], RegExp>> = { url: /[/@?#]/, hosts: /[@?#]/ };

/** What a driver cannot do without. */
const NEEDED_BY_DRIVER = { file: 'PAYLOADS', bridge: 'BRIDGE_URL' } as const satisfies Record<string, SettingName>;

/** Default of a setting in a scenario, as it would be written. */
export function defaultOf(name: SettingName, scenario: ScenarioName): string {
  const { default: value }: Setting = SETTINGS[name];
  return typeof value === 'string' ? value : (value[scenario] ?? '');
}

/** What is wrong with a value, in words that follow `NAME is "value"; `, or `undefined`. */
function fault(setting: Setting, value: string): string | undefined {
  const { min = -Infinity, max = Infinity, allowed = [] } = setting;
  const number = Number(value);
  switch (setting.type) {
    case 'choice':
      return allowed.includes(value) ? undefined : `allowed: ${allowed.join(', ')}`;
    case 'list': {
      const stranger = value.split(',').find((word) => !allowed.includes(word.trim()));
      return stranger === undefined ? undefined : `"${stranger.trim()}" is not one of ${allowed.join(', ')}`;
    }
    case 'flag':
      return value === 'true' || value === 'false' ? undefined : 'allowed: true, false';
    case 'hosts':
      return hostsFault(value);
    case 'url':
      return /^https?:\/\/./.test(value) ? undefined : 'write it like https://sso.example.com:9031';
    case 'number':
    case 'whole': {
      const whole = setting.type === 'whole';
      const good =
        /^\d+(\.\d+)?$/.test(value) && number >= min && number <= max && (!whole || Number.isInteger(number));
      return good ? undefined : `write a ${whole ? 'whole ' : ''}number from ${min} to ${max}`;
    }
    case 'duration': {
      const ms = parseDuration(value);
      if (ms === undefined) return 'write a duration like 90s, 5m or 1h30m';
      return ms >= min && ms <= max ? undefined : `allowed: ${min / 1000}s to ${max / 1000}s`;
    }
    default:
      return undefined;
  }
}

/**
 * Reads the settings of a scenario out of an environment. Throws a ConfigurationError that names every setting that is
 * wrong, not just the first. Names that are no settings are left alone: the environment belongs to others too.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>, scenario: ScenarioName): Settings {
  const faults: string[] = [];
  const read = (name: SettingName): string => {
    const setting: Setting = SETTINGS[name];
    const given = env[name] ?? '';
    if (given === '') return defaultOf(name, scenario);
    if (setting.scenarios !== undefined && !setting.scenarios.includes(scenario)) {
      faults.push(`${name} does not apply to ${scenario}; it applies to ${setting.scenarios.join(', ')}`);
    }
    for (const [other, values] of Object.entries(setting.only ?? {})) {
      const value = (env[other] ?? '') || defaultOf(other as SettingName, scenario);
      if (!values.includes(value)) {
        faults.push(`${name} does not apply to ${other}=${value}; it applies to ${values.join(', ')}`);
      }
    }
    const wrong = fault(setting, given);
    if (wrong !== undefined) {
      const secret = setting.type === 'secret' || MAY_HOLD_A_SECRET[setting.type]?.test(given) === true;
      faults.push(`${name} is ${secret ? 'not usable' : `"${given}"`}; ${wrong}`);
      return defaultOf(name, scenario);
    }
    return given;
  };
  const url = (name: SettingName): string => read(name).replace(/\/+$/, '');
  const ms = (name: SettingName): number => parseDuration(read(name)) ?? 0;
  const isGiven = (name: SettingName): boolean => (env[name] ?? '') !== '';
  const refuse = (wrong: string): void => void faults.push(wrong);
  const vus = read('VUS');
  const baseUrl = url('PF_BASE_URL');
  const whole = (name: SettingName): number => Number(read(name));
  const clientSecret = read('PF_CLIENT_SECRET');
  const clientSecretFile = read('PF_CLIENT_SECRET_FILE');
  const hasSecret = clientSecret + clientSecretFile !== '';
  const driver = read('DEVICE_DRIVER') as Settings['driver'];
  const settings: Settings = {
    scenario,
    baseUrl,
    clientId: read('PF_CLIENT_ID'),
    clientSecret,
    clientSecretFile,
    ...readDeployment(read, hasSecret, refuse),
    scope: read('PF_SCOPE'),
    statusClaim: read('PF_STATUS_CLAIM'),
    state: read('PF_STATE') as Settings['state'],
    actionStyle: read('PF_ACTION_STYLE') as Settings['actionStyle'],
    driver,
    ...readClient(read, ms, isGiven, refuse),
    phoneUrl: url('PHONE_URL'),
    bridgeUrl: url('BRIDGE_URL'),
    bridgeTimeoutMs: ms('BRIDGE_TIMEOUT'),
    bridgeToken: read('BRIDGE_TOKEN'),
    bridgeTokenFile: read('BRIDGE_TOKEN_FILE'),
    payloads: read('PAYLOADS'),
    payloadsUse: read('PAYLOADS_USE') as Settings['payloadsUse'],
    // The simulator's users can be put back as they were; a real deployment's are played once, unless somebody says more.
    usersExhausted: (read('USERS_EXHAUSTED') || (driver === 'simulated' ? 'recycle' : 'stop')) as 'stop' | 'recycle',
    limits: {
      perUser: whole('MAX_PER_USER'),
      sms: whole('MAX_SMS'),
      email: whole('MAX_EMAIL'),
      push: whole('MAX_PUSH'),
    },
    tlsSkipVerify: read('TLS_SKIP_VERIFY') === 'true',
    allowHosts: read('ALLOW_HOSTS')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
    allowUnverified: read('ALLOW_UNVERIFIED') === 'true',
    inventory: read('INVENTORY'),
    timeScale: Number(read('TIME_SCALE')),
    pushDecidedBy: read('PUSH_DECIDED_BY') as Settings['pushDecidedBy'],
    vus: vus === '' ? undefined : Number(vus),
    flows: Number(read('FLOWS')),
    rate: Number(read('RATE')),
    rampMs: ms('RAMP'),
    durationMs: ms('DURATION'),
    p95Ms: Number(read('P95_MS')),
    maxErrorRate: Number(read('MAX_ERROR_RATE')),
    maxUnexpected: Number(read('MAX_UNEXPECTED')),
    ...readPhases(read, ms, isGiven, refuse),
  };
  for (const name of SECRETS_WITH_A_FILE) {
    if (read(name) !== '' && read(`${name}_FILE`) !== '') faults.push(`${name} and ${name}_FILE are both set; set one`);
  }
  for (const [value, name] of Object.entries(NEEDED_BY_DRIVER)) {
    if (driver === value && read(name) === '') faults.push(`DEVICE_DRIVER is "${value}" and needs ${name}; set it`);
  }
  if (faults.length > 0) throw new ConfigurationError(faults.join('; '));
  return settings;
}
