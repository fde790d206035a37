import { LIFETIMES } from '../contract/lifetimes.ts';
import { STATUS_ATTRIBUTES } from '../protocol/status-attribute.ts';
import { RUNTIME_PORT } from '../protocol/transport.ts';

/** An OAuth client that the simulator knows. Each may use its secret (post or basic) or PKCE. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string;
  /** True: the session travels in `_pf_authn_api_state` instead of the cookie. */
  readonly cookieless: boolean;
}

/** Everything that the simulator can be told; meanings, units and defaults stand in SIMULATOR_SETTINGS. */
export interface SimulatorSettings {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  readonly baseUrl: string;
  readonly clients: readonly OAuthClient[];
  readonly statusAttribute: string;
  readonly renewCookie: 'strict' | 'off';
  readonly timeScale: number;
  readonly flowIdleMs: number;
  readonly pushMs: number;
  readonly otpMs: number;
  readonly codeMs: number;
  readonly tokenMs: number;
  readonly deviceLimit: number;
  readonly otpResendLimit: number;
  readonly latency: 'on' | 'off';
  readonly latencyScale: number;
  readonly latencySigma: number;
  readonly workers: number;
  readonly queueLimit: number;
  readonly seed: number;
  readonly signing: 'ES256' | 'RS256';
}

/** One setting: what it is by default, in which unit, what is allowed, what it means. */
export interface SettingModel<T> {
  readonly default: T;
  readonly unit: string;
  readonly meaning: string;
  readonly allowed?: readonly T[];
  readonly min?: number;
  readonly max?: number;
  /** A whole number is expected. */
  readonly whole?: true;
  /** What a text must look like, in the expression and in words. */
  readonly form?: { readonly pattern: RegExp; readonly words: string };
}

const MILLISECONDS = { unit: 'ms of human time', min: 1 } as const;

/** The one table of settings. A flag of the command line is made of each entry with a text, number or boolean. */
export const SIMULATOR_SETTINGS: { readonly [K in keyof SimulatorSettings]: SettingModel<SimulatorSettings[K]> } = {
  host: {
    default: '127.0.0.1',
    unit: 'address',
    meaning: 'address to listen on',
    form: { pattern: /^[\w.:-]+$/, words: 'a host name or an IP address' },
  },
  port: {
    default: RUNTIME_PORT,
    unit: 'port',
    min: 0,
    max: 65_535,
    whole: true,
    meaning: 'port to listen on; 0 takes a free one',
  },
  tls: { default: false, unit: 'yes/no', meaning: 'HTTPS with a self-signed certificate made at the start' },
  baseUrl: {
    default: '',
    unit: 'URL',
    meaning: 'issuer and base of _links; empty: the address it listens on',
    form: { pattern: /^(https?:\/\/[^\s]*[^\s/])?$/, words: 'a URL that begins with http and ends without a slash' },
  },
  clients: {
    default: [
      { id: 'pairstorm', secret: 'pairstorm-secret', cookieless: false },
      { id: 'pairstorm-cookieless', secret: 'pairstorm-secret', cookieless: true },
    ],
    unit: 'list',
    meaning: 'OAuth clients, all allowed to use redirectless flows',
  },
  statusAttribute: {
    default: STATUS_ATTRIBUTES[0],
    unit: 'claim name',
    form: { pattern: /^[\w.:/-]+$/, words: 'the name of a claim' },
    meaning: 'claim that carries the status attribute; none: the claim is absent',
  },
  renewCookie: {
    default: 'strict',
    unit: 'strict/off',
    allowed: ['strict', 'off'],
    meaning: 'strict: the session value changes with each response and a stale one is refused',
  },
  timeScale: {
    default: 1,
    unit: 'factor',
    min: 0.001,
    meaning: 'multiplies all lifetimes, as TIME_SCALE does human time; for tests and quick runs',
  },
  flowIdleMs: {
    ...MILLISECONDS,
    default: LIFETIMES.flowIdleMs,
    meaning: 'a flow without a request for so long is gone',
  },
  pushMs: {
    ...MILLISECONDS,
    default: LIFETIMES.pushMs,
    meaning: 'a push that nobody answers for so long has timed out',
  },
  otpMs: { ...MILLISECONDS, default: LIFETIMES.otpMs, meaning: 'lifetime of a code by SMS, email or voice' },
  codeMs: { ...MILLISECONDS, default: 60_000, meaning: 'lifetime of an authorization code' },
  tokenMs: {
    ...MILLISECONDS,
    default: 7_200_000,
    meaning: 'lifetime of the tokens (expires_in; not touched by timeScale)',
  },
  deviceLimit: { default: 5, unit: 'devices', min: 1, whole: true, meaning: 'devices that a user may have' },
  otpResendLimit: { default: 5, unit: 'codes', min: 0, whole: true, meaning: 'codes of one flow beyond the first' },
  latency: {
    default: 'on',
    unit: 'on/off',
    allowed: ['on', 'off'],
    meaning: 'seeded log-normal service time of each endpoint (table in latency.ts)',
  },
  latencyScale: { default: 1, unit: 'factor', min: 0, meaning: 'multiplies every service time' },
  latencySigma: { default: 0.4, unit: 'σ of ln', min: 0, max: 3, meaning: 'spread of the service times' },
  workers: {
    default: 32,
    unit: 'workers',
    min: 0,
    whole: true,
    meaning: 'requests served at the same time, the rest queues; 0: no limit',
  },
  queueLimit: { default: 1000, unit: 'requests', min: 0, whole: true, meaning: 'requests that may queue; beyond: 503' },
  seed: { default: 1, unit: 'number', min: 0, max: 0xffff_ffff, whole: true, meaning: 'seed of codes, ids, latencies' },
  signing: {
    default: 'ES256',
    unit: 'algorithm',
    allowed: ['ES256', 'RS256'],
    meaning: 'signature of tokens; RS256 costs about ten times the CPU',
  },
};

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
    const problem = problemOf(value, SIMULATOR_SETTINGS[name]);
    if (problem !== undefined) problems.push(`${name} is ${JSON.stringify(value)}; expected ${problem}`);
    values[name] = value;
  }
  if (problems.length > 0) throw new SimulatorSettingsError(`simulator: ${problems.join('; ')}`);
  return values as unknown as SimulatorSettings;
}

function problemOf(value: unknown, model: SettingModel<unknown>): string | undefined {
  if (typeof value !== typeof model.default) return `a ${typeof model.default}`;
  if (model.allowed !== undefined && !model.allowed.includes(value)) return model.allowed.join(' or ');
  if (typeof value === 'string') return model.form?.pattern.test(value) === false ? model.form.words : undefined;
  if (typeof value !== 'number') return undefined;
  const min = model.min ?? -Infinity;
  const max = model.max ?? Infinity;
  const kind = model.whole === true ? 'a whole number' : 'a number';
  const range = max === Infinity ? `${kind} ≥ ${min}` : `${kind} from ${min} to ${max}`;
  const fits = Number.isFinite(value) && value >= min && value <= max && (!model.whole || Number.isInteger(value));
  return fits ? undefined : range;
}
